// A stream of events that is cut, one of which events were dropped, a session that ends: by a server of the test's own.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { Api } from '../src/api.js';
import { follow } from '../src/events.js';
import { MomentTimeout, Session } from '../src/index.js';

const event = (cursor: number) => `id: ${cursor}\ndata: {"cursor":${cursor},"type":"frame_seen","at":${cursor},"payload":"…"}\n\n`;

test('goes on after the last event where it was cut, tells what was dropped, and ends with the session', async () => {
  const asked: string[] = [];
  const server = createServer((request, answer) => {
    asked.push(request.url!);
    answer.writeHead(200, { 'content-type': 'text/event-stream' });
    if (asked.length === 2) return void answer.end(`event: lost\ndata: {"lost":6}\n\n${event(9)}`);
    if (asked.length === 3) return void answer.end(`${event(10)}event: ended\ndata: {"ended":true}\n\n`);
    const bytes = Buffer.from(`: nothing yet\n\n${event(1)}${event(2)}`);
    // In the middle of a character.
    const middle = bytes.indexOf('…') + 1;
    answer.write(bytes.subarray(0, middle), () => answer.write(bytes.subarray(middle), () => request.socket.destroy()));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const seen: unknown[] = [];
    const api = new Api(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    for await (const each of follow(api, '/events', { proxy: 'api' })) seen.push(each);
    const frame = (cursor: number) => ({ cursor, type: 'frame_seen', at: cursor, payload: '…' });
    expect(seen).toEqual([frame(1), frame(2), { type: 'lost', lost: 6, at: 0, cursor: 2 }, frame(9), frame(10)]);
    expect(asked).toEqual(['/events?after=0&proxy=api', '/events?after=2&proxy=api', '/events?after=9&proxy=api']);
  } finally {
    server.close();
  }
});

test('a wait ends where the session has ended', async () => {
  const page = { cursor: 7, came: false, lost: 0, ended: true, events: [{ cursor: 7, type: 'opened', at: 5_000_000, proxy: 'api', connection: 1 }] };
  const server = createServer((_, answer) => void answer.end(JSON.stringify(page)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const api = new Api(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const session = new Session(api, { id: 's1', role: 'client', verdicts: true, seed: '1', proxies: [] });
    const error = await session.until('close', { timeout: '1h' }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(MomentTimeout);
    expect((error as Error).message).toBe('"close" did not come before the session ended; the last of 1 events:\n  5.0ms api #1 opened');
  } finally {
    server.close();
  }
});
