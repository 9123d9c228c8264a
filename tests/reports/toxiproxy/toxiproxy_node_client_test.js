// The whole public API of toxiproxy-node-client against `wsfault proxy`, with real traffic.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { Toxiproxy, ToxiproxyError } from 'toxiproxy-node-client';
import { Client, startEcho, startProgram, startServer } from './peers.js';

let program, echo, toxiproxy;
const clients = [];

before(async () => {
  [program, echo] = await Promise.all([startProgram(), startEcho()]);
  toxiproxy = new Toxiproxy(program.url);
});
after(async () => {
  echo.stop();
  await program.stop();
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  for (const proxy of Object.values(await toxiproxy.getAll())) await proxy.remove();
});

const create = (more = {}) => toxiproxy.createProxy({ name: 'web', listen: '127.0.0.1:0', upstream: echo.address, ...more });

function open(proxy) {
  const client = new Client(proxy.listen);
  clients.push(client);
  return client;
}

const fails = (status) => (error) =>
  error instanceof ToxiproxyError && error.message === `Request failed with status code ${status}`;

describe('proxies', () => {
  test('the version', async () => assert.equal(JSON.parse(await toxiproxy.getVersion()).version, '2.12.0'));

  test('is created where it listens, and passes on', async () => {
    const proxy = await create();
    assert.match(proxy.listen, /^127\.0\.0\.1:[1-9]\d*$/);
    assert.deepEqual(proxy.toJson(), { name: 'web', listen: proxy.listen, upstream: echo.address, enabled: true });
    assert.equal(proxy.getToxiproxy(), toxiproxy);
    assert.equal(proxy.getHost(), program.url);
    assert.equal(proxy.getPath(), `${program.url}/proxies/web`);
    await open(proxy).echo('hello');
  });

  test('is got and listed', async () => {
    const [web, other] = [await create(), await create({ name: 'other', enabled: false })];
    assert.deepEqual((await toxiproxy.get('web')).toJson(), web.toJson());
    const all = await toxiproxy.getAll();
    assert.deepEqual(Object.keys(all).sort(), ['other', 'web']);
    assert.deepEqual(all.other.toJson(), other.toJson());
    assert.equal(other.enabled, false);
  });

  test('what is not there, is there already or is wrong is an error', async () => {
    await create();
    await assert.rejects(toxiproxy.get('none'), fails(404));
    await assert.rejects(create(), fails(409));
    await assert.rejects(create({ name: '' }), fails(400));
    const proxy = await create({ name: 'gone' });
    await proxy.remove();
    await assert.rejects(proxy.remove(), fails(404));
    await assert.rejects(proxy.addToxic({ type: 'latency', attributes: {} }), fails(404));
    await assert.rejects(new Toxiproxy('http://127.0.0.1:1').getAll(), ToxiproxyError);
  });

  test('is removed: its connections end, and its port is closed', async () => {
    const proxy = await create();
    const client = open(proxy);
    await client.echo('hello');
    await proxy.remove();
    await client.ended;
    assert.equal(await open(proxy).ended, 'ECONNREFUSED');
    assert.deepEqual(await toxiproxy.getAll(), {});
  });

  test('is disabled: its connections end, and it refuses; then enabled at the same port', async () => {
    const proxy = await create();
    const client = open(proxy);
    await client.echo('hello');
    const disabled = await proxy.update({ ...proxy.toJson(), enabled: false });
    assert.equal(disabled.enabled, false);
    await client.ended;
    assert.equal(await open(proxy).ended, 'ECONNREFUSED');
    const enabled = await proxy.update({ ...proxy.toJson(), enabled: true });
    assert.deepEqual(enabled.toJson(), proxy.toJson());
    await open(enabled).echo('again');
  });

  test('passes on to another server, and listens elsewhere', async () => {
    const proxy = await create();
    const greeter = await startServer((socket) => socket.end('greetings'));
    try {
      await proxy.update({ ...proxy.toJson(), upstream: greeter.address });
      const client = open(proxy);
      await client.ended;
      assert.equal(client.text, 'greetings');
      const moved = await proxy.update({ ...proxy.toJson(), listen: '127.0.0.1:0', upstream: echo.address });
      assert.notEqual(moved.listen, proxy.listen);
      await open(moved).echo('elsewhere');
      assert.equal(await open(proxy).ended, 'ECONNREFUSED');
    } finally {
      greeter.stop();
    }
  });

  test('populate adds what is missing, and replaces what is different', async () => {
    const web = await create();
    const client = open(web);
    await client.echo('hello');
    const body = [web.toJson(), { name: 'other', listen: '127.0.0.1:0', upstream: echo.address }];
    const populated = await toxiproxy.populate(body);
    assert.deepEqual(Object.keys(populated).sort(), ['other', 'web']);
    assert.deepEqual(populated.web.toJson(), web.toJson());
    await client.echo('the same one, with its connections');
    await open(populated.other).echo('hello');
    const { web: replaced } = await toxiproxy.populate([{ ...web.toJson(), upstream: '127.0.0.1:1' }]);
    assert.equal(replaced.upstream, '127.0.0.1:1');
    await client.ended;
    await assert.rejects(toxiproxy.populate([{ name: 'nothing' }]), fails(400));
  });

  test('reset enables all, and removes all toxics', async () => {
    const proxy = await create();
    await proxy.addToxic({ name: 'slow', type: 'latency', attributes: { latency: 5000 } });
    await proxy.update({ ...proxy.toJson(), enabled: false });
    await toxiproxy.reset();
    assert.equal((await toxiproxy.get('web')).enabled, true);
    await assert.rejects(proxy.getToxic('slow'), fails(404));
    assert.ok((await open(proxy).echo('hello')) < 5000);
  });
});

describe('toxics', () => {
  const types = [
    ['latency', { latency: 10, jitter: 1 }, { latency: 20, jitter: 2 }],
    ['bandwidth', { rate: 10 }, { rate: 20 }],
    ['slow_close', { delay: 10 }, { delay: 20 }],
    ['timeout', { timeout: 1000 }, { timeout: 2000 }],
    ['reset_peer', { timeout: 1000 }, { timeout: 2000 }],
    ['slicer', { average_size: 8, size_variation: 2, delay: 10 }, { average_size: 9, size_variation: 3, delay: 20 }],
    ['limit_data', { bytes: 10 }, { bytes: 20 }],
  ];
  for (const [type, attributes, others] of types) {
    for (const stream of ['downstream', 'upstream']) {
      test(`${type} ${stream}: is added, got, changed and removed`, async () => {
        const proxy = await create();
        const toxic = await proxy.addToxic({ name: 'it', type, stream, toxicity: 0.5, attributes });
        assert.deepEqual(toxic.toJson(), { name: 'it', type, stream, toxicity: 0.5, attributes });
        assert.equal(toxic.getPath(), `${proxy.getPath()}/toxics/it`);
        assert.deepEqual((await proxy.getToxic('it')).toJson(), toxic.toJson());
        const changed = await toxic.update({ ...toxic.toJson(), toxicity: 1, attributes: others });
        assert.deepEqual(changed.toJson(), { name: 'it', type, stream, toxicity: 1, attributes: others });
        assert.deepEqual((await proxy.getToxic('it')).toJson(), changed.toJson());
        await assert.rejects(proxy.addToxic({ name: 'it', type, attributes }), fails(409));
        await toxic.remove();
        await assert.rejects(proxy.getToxic('it'), fails(404));
        await assert.rejects(toxic.remove(), fails(404));
      });
    }
  }

  test('what it leaves out has its default', async () => {
    const proxy = await create();
    const toxic = await proxy.addToxic({ type: 'latency', attributes: { latency: 1 } });
    const expected = { name: 'latency_downstream', type: 'latency', stream: 'downstream', toxicity: 1, attributes: { latency: 1, jitter: 0 } };
    assert.deepEqual(toxic.toJson(), expected);
    await assert.rejects(proxy.addToxic({ type: 'nonsense', attributes: {} }), fails(400));
    await assert.rejects(proxy.addToxic({ type: 'latency', stream: 'sideways', attributes: {} }), fails(400));
  });

  for (const stream of ['downstream', 'upstream']) {
    test(`latency ${stream}: each round trip takes longer, as long as it is there`, async () => {
      const proxy = await create();
      const client = open(proxy);
      await client.echo('before');
      const toxic = await proxy.addToxic({ name: 'slow', type: 'latency', stream, attributes: { latency: 1000 } });
      assert.ok((await client.echo('open already')) >= 999);
      await toxic.update({ ...toxic.toJson(), attributes: { latency: 300 } });
      const less = await client.echo('changed');
      assert.ok(less >= 299 && less < 1000, `${less} ms`);
      await toxic.remove();
      assert.ok((await client.echo('after')) < 300);
    });
  }

  test('toxicity 0 strikes none', async () => {
    const proxy = await create();
    await proxy.addToxic({ name: 'slow', type: 'latency', toxicity: 0, attributes: { latency: 5000 } });
    assert.ok((await open(proxy).echo('hello')) < 5000);
  });

  test('bandwidth: bytes pass at its rate', async () => {
    const proxy = await create();
    await proxy.addToxic({ name: 'narrow', type: 'bandwidth', attributes: { rate: 20 } }); // 20,000 bytes a second
    const took = await open(proxy).echo('x'.repeat(20_000));
    assert.ok(took >= 800, `${took} ms`);
  });

  test('slow_close: the end comes later', async () => {
    const server = await startServer((socket) => socket.end('bye'));
    try {
      const proxy = await create({ upstream: server.address });
      await proxy.addToxic({ name: 'late', type: 'slow_close', attributes: { delay: 700 } });
      const began = performance.now();
      const client = open(proxy);
      assert.equal(await client.ended, 'end');
      assert.equal(client.text, 'bye');
      assert.ok(performance.now() - began >= 699);
    } finally {
      server.stop();
    }
  });

  test('timeout: nothing passes, and the connection ends in its time', async () => {
    const proxy = await create();
    await proxy.addToxic({ name: 'dead', type: 'timeout', attributes: { timeout: 500 } });
    const began = performance.now();
    const client = open(proxy);
    client.send('into nothing');
    await client.ended;
    assert.equal(client.text, '');
    assert.ok(performance.now() - began >= 499);
  });

  test('timeout 0: nothing passes, until the toxic goes; then the connection ends', async () => {
    const proxy = await create();
    const client = open(proxy);
    await client.echo('before');
    const toxic = await proxy.addToxic({ name: 'dead', type: 'timeout', attributes: { timeout: 0 } });
    client.send('into nothing');
    // Another connection, through another proxy, goes there and back: what was sent had its time.
    await open(await create({ name: 'other' })).echo('meanwhile');
    assert.equal(client.text, 'before');
    await toxic.remove();
    await client.ended;
    assert.equal(client.text, 'before');
    await open(proxy).echo('after');
  });

  test('reset_peer: RST, at once or after its time', async () => {
    const proxy = await create();
    const client = open(proxy);
    await client.echo('before');
    const toxic = await proxy.addToxic({ name: 'rst', type: 'reset_peer', attributes: { timeout: 0 } });
    assert.equal(await client.ended, 'ECONNRESET');
    await toxic.update({ ...toxic.toJson(), attributes: { timeout: 500 } });
    const began = performance.now();
    const later = open(proxy);
    later.send('hello');
    assert.equal(await later.ended, 'ECONNRESET');
    assert.ok(performance.now() - began >= 499);
  });

  test('slicer: the same bytes in small pieces', async () => {
    const proxy = await create();
    await proxy.addToxic({ name: 'thin', type: 'slicer', attributes: { average_size: 10, size_variation: 5, delay: 20_000 } });
    const client = open(proxy);
    const took = await client.echo('0123456789'.repeat(10));
    assert.ok(client.chunks.length >= 4, `${client.chunks.length} pieces`);
    assert.ok(Math.max(...client.chunks.map((chunk) => chunk.length)) < 100);
    assert.ok(took >= 60, `${took} ms`);
  });

  test('limit_data: the connection ends after so many bytes', async () => {
    const proxy = await create();
    await proxy.addToxic({ name: 'cut', type: 'limit_data', attributes: { bytes: 100 } });
    const client = open(proxy);
    client.send('x'.repeat(150));
    await client.ended;
    assert.equal(client.text, 'x'.repeat(100));
  });

  test('several at once, each in its direction', async () => {
    const proxy = await create();
    for (const stream of ['downstream', 'upstream'])
      await proxy.addToxic({ name: stream, type: 'latency', stream, attributes: { latency: 300 } });
    assert.ok((await open(proxy).echo('there and back')) >= 598);
  });
});
