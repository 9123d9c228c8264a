import { Wsfault } from '@wsfault/client';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { ChatClient } from './chat-client.js';

let wsfault: Wsfault;
beforeAll(async () => void (wsfault = await Wsfault.start()));
afterAll(() => wsfault.stop());

test('the client comes back after a reset in the middle of a conversation', async () => {
  await using session = await wsfault.session();
  // {}: a fake server, which sends ten messages. A URL: your own.
  const proxy = await session.proxy({ name: 'chat', upstream: {} });
  await proxy.inject({ inject: 'reset', when: 'message 3' });
  const client = new ChatClient(proxy.url);
  onTestFinished(() => client.stop());

  await session.until('fault reset');
  const attempt = await session.until('open');
  expect(attempt.connection).toBe(2);
  expect(client.closes).toEqual([1006]);
});
