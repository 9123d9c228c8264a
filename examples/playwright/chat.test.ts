import { Wsfault } from '@wsfault/client';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chromium, type Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';

// What a browser does for itself is left out: this one reaches the machine it runs on, and nothing else.
const quiet = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'];

let wsfault: Wsfault;
let browser: Browser;
const html = await readFile(new URL('chat.html', import.meta.url));
const site = createServer((_, answer) => void answer.setHeader('content-type', 'text/html').end(html));

beforeAll(async () => {
  site.listen(0, '127.0.0.1');
  await once(site, 'listening');
  wsfault = await Wsfault.start();
  browser = await chromium.launch({ executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args: quiet });
});
afterAll(async () => {
  await browser?.close();
  await wsfault?.stop();
  site.close();
});

test('the page comes back after a reset in the middle of a conversation', async () => {
  await using session = await wsfault.session({ timeout: '20s' });
  const proxy = await session.proxy({ name: 'chat', upstream: {} });
  await proxy.inject({ inject: 'reset', when: 'message 3' });
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${(site.address() as AddressInfo).port}/?server=${proxy.url}`);

  await session.until('fault reset');
  expect((await session.until('open')).connection).toBe(2);
  expect(await page.evaluate('closes')).toEqual([1006]);
  // The server counts on, and sends ten more.
  await page.getByText('message 12', { exact: true }).waitFor();
});
