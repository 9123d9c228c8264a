// The program is started, found, and ends with whoever started it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { Wsfault, WsfaultError } from '../src/index.js';

/** A connection to the program at that control port, which closes it when it ends. */
async function watch(url: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  await once(socket, 'connect');
  return socket.on('error', () => {}); // a reset is an end, too
}

async function closed(socket: Socket): Promise<void> {
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
}

async function firstLine(stream: Readable): Promise<string> {
  for await (const line of createInterface({ input: stream })) return line;
  throw new Error('it ended without a line');
}

test('starts on a free port, says its version, and stops', async () => {
  const wsfault = await Wsfault.start();
  expect(wsfault.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(wsfault.version).toMatch(/^\d+\.\d+\.\d+$/);
  await wsfault.stop();
  const gone = await wsfault.session().catch((error: unknown) => error);
  expect(gone).toBeInstanceOf(WsfaultError);
  expect(gone).toMatchObject({ status: 0, hint: expect.stringContaining('has ended') });
});

test('passes options on', async () => {
  await using wsfault = await Wsfault.start({ options: ['--seed', '42'] });
  const answer = await (await fetch(new URL('/v1', wsfault.url))).json();
  expect(answer).toMatchObject({ seed: '42' });
});

test('says what is wrong where it cannot be started', async () => {
  await expect(Wsfault.start({ program: '/nowhere/wsfault' })).rejects.toThrow(/\/nowhere\/wsfault cannot be run: .*not found; say where it is with WSFAULT/);
  await expect(Wsfault.start({ options: ['--seed', 'x'] })).rejects.toThrow(/ended with exit code 2: .*--seed/s);
});

test('connects to one that runs, with a token', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'wsfault-'));
  try {
    await writeFile(join(folder, 'token'), 'secret\n');
    // Its own client has no token, so it is started as another's.
    const program = spawn(process.env['WSFAULT'] ?? 'wsfault', ['proxy', '--control', '127.0.0.1:0', '--log-format', 'json', '--token-file', join(folder, 'token')], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      const url = `http://${(JSON.parse(await firstLine(program.stdout)) as { control: string }).control}`;
      await expect(Wsfault.connect(url)).rejects.toMatchObject({ status: 401 });
      await using wsfault = await Wsfault.connect(url, { token: 'secret' });
      await using session = await wsfault.session();
      expect(session.id).toBeTruthy();
      await wsfault.stop();
      expect(program.exitCode).toBeNull(); // it is another's
    } finally {
      program.kill();
      await once(program, 'exit');
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});

const client = new URL('../dist/index.js', import.meta.url).href;
const hooks = `
import { Wsfault } from ${JSON.stringify(client)};
const wsfault = await Wsfault.start();
process.stdout.write(wsfault.url + '\\n');
`;

/** Runs a script that has started one, and returns its process and the program's address. */
async function run(rest: string) {
  const starter = spawn(process.execPath, ['--input-type=module', '-e', hooks + rest], { stdio: 'pipe' });
  return { starter, url: await firstLine(starter.stdout) };
}

const untilToldTo = "process.stdin.once('data', () => {";

test.each([
  ['returns', 'process.stdin.destroy();', 0],
  ['exits', 'process.exit(7);', 7],
  ['throws', "throw new Error('on purpose');", 1],
])('ends with a process that %s', async (_, last, code) => {
  const { starter, url } = await run(`${untilToldTo} ${last} });`);
  const connection = await watch(url);
  starter.stdin.end('now');
  const [exit] = (await once(starter, 'exit')) as [number];
  expect(exit).toBe(code);
  await closed(connection);
});

test.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)('ends with a process that %s ends', async (signal) => {
  const { starter, url } = await run('process.stdin.resume();');
  const connection = await watch(url);
  starter.kill(signal);
  const [, by] = (await once(starter, 'exit')) as [null, string];
  expect(by).toBe(signal);
  await closed(connection);
});

test('ends with a worker that is terminated', async () => {
  const { starter } = await run(`
    await wsfault.stop();
    const { Worker } = await import('node:worker_threads');
    const inWorker = ${JSON.stringify(hooks)} + 'setInterval(() => {}, 1000);';
    const worker = new Worker(new URL('data:text/javascript,' + encodeURIComponent(inWorker)), { stdout: true });
    worker.stdout.once('data', (text) => process.stdout.write(text));
    ${untilToldTo} void worker.terminate(); });
  `);
  const url = await firstLine(starter.stdout);
  const connection = await watch(url);
  starter.stdin.write('now');
  await closed(connection);
  starter.kill();
  await once(starter, 'exit');
});
