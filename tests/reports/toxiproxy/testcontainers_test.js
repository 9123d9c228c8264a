// The code of @testcontainers/toxiproxy, with `wsfault proxy` in place of its container.
import { StartedToxiProxyContainer } from '@testcontainers/toxiproxy';
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client, startEcho, startProgram } from './peers.js';

const controlPort = 8474;
let program, echo, container;

before(async () => {
  [program, echo] = await Promise.all([startProgram(), startEcho()]);
  // What testcontainers says of a container that runs. Its ports, from 8666 on, are those of this machine.
  container = new StartedToxiProxyContainer({
    getHost: () => '127.0.0.1',
    getMappedPort: (port) => (port === controlPort ? program.port : port),
    stop: () => program.stop(),
  });
});
after(async () => {
  echo.stop();
  await container.stop();
});

test('is ready when GET /version answers', async () => assert.equal((await fetch(`${program.url}/version`)).status, 200));

test('proxies get a port each, pass on, and are disabled and enabled', async () => {
  const first = await container.createProxy({ name: 'first', upstream: echo.address });
  const second = await container.createProxy({ name: 'second', upstream: echo.address });
  assert.deepEqual([first.port, second.port], [8666, 8667]);
  assert.equal(first.instance.listen, '0.0.0.0:8666');

  const client = new Client(`${first.host}:${first.port}`);
  await client.echo('hello');
  await first.setEnabled(false);
  await client.ended;
  assert.equal(await new Client(`${first.host}:${first.port}`).ended, 'ECONNREFUSED');
  const other = new Client(`${second.host}:${second.port}`);
  await other.echo('not this one');
  await first.setEnabled(true);
  const again = new Client(`${first.host}:${first.port}`);
  await again.echo('again');

  const toxic = await first.instance.addToxic({ name: 'rst', type: 'reset_peer', stream: 'downstream', toxicity: 1, attributes: { timeout: 0 } });
  assert.equal(await again.ended, 'ECONNRESET');
  await toxic.remove();
  assert.deepEqual(Object.keys(await container.client.getAll()), ['first', 'second']);
  other.close();
});

test('a port that is free again is used again', async () => {
  await (await container.client.get('first')).remove();
  const third = await container.createProxy({ name: 'third', upstream: echo.address });
  assert.equal(third.port, 8666);
  const client = new Client(`${third.host}:${third.port}`);
  await client.echo('hello');
  client.close();
});
