// Sessions with real traffic: faults, waits, acts, reports, verdicts.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ExpectationError, MomentTimeout, Wsfault, WsfaultError, type LogEvent } from '../src/index.js';
import { Client, EchoServer } from './peers.js';

let wsfault: Wsfault;
let server: EchoServer;

beforeAll(async () => {
  [wsfault, server] = await Promise.all([Wsfault.start(), EchoServer.start()]);
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await wsfault.stop();
});

async function begin(faults: Parameters<Awaited<ReturnType<Wsfault['session']>>['proxy']>[0]['faults'] = []) {
  const session = await wsfault.session({ timeout: '10s' });
  const proxy = await session.proxy({ name: 'api', upstream: server.url, faults });
  return { session, proxy, [Symbol.asyncDispose]: () => session.end() };
}

test('passes on what nothing strikes', async () => {
  await using on = await begin();
  using client = await Client.open(on.proxy.url);
  expect(await client.echo('hello')).toBe('hello');
  expect(await on.proxy.connections()).toMatchObject([{ number: 1, open: true }]);
});

test('a fault waits for its moment, and the client sees its end', async () => {
  await using on = await begin();
  const fault = await on.proxy.inject({ inject: 'reset', when: 'message 3' });
  expect(fault.asked).toMatchObject({ state: 'armed', when: 'message 3', proxy: 'api' });
  using client = await Client.open(on.proxy.url);
  for (const text of ['one', 'two', 'three']) client.send(text);
  expect((await client.closed).code).toBe(1006);
  expect(await on.session.until('fault reset')).toMatchObject({ type: 'fault_fired', connection: 1 });
  expect((await fault.info()).state).toBe('fired');
});

test('faults that come with the proxy are there with its first connection', async () => {
  await using on = await begin([{ inject: 'close', code: 1012, reason: 'restart', when: 'message 1' }]);
  using client = await Client.open(on.proxy.url);
  client.send('one');
  expect(await client.closed).toEqual({ code: 1012, reason: 'restart' });
});

test('a fault heals, by hand or at the end of its block', async () => {
  await using on = await begin();
  using client = await Client.open(on.proxy.url);
  {
    await using fault = await on.proxy.inject({ inject: 'stall' });
    client.send('held');
    expect(await on.session.until('fault stall')).toMatchObject({ name: fault.name });
    expect((await on.proxy.info()).faults).toHaveLength(1);
  }
  expect(await client.receive()).toBe('held');
  expect((await on.proxy.info()).faults).toEqual([]);
  const second = await on.proxy.inject({ inject: 'refuse' });
  expect(await Client.fails(on.proxy.url)).toBe('ECONNREFUSED');
  await second.heal();
  using again = await Client.open(on.proxy.url);
  expect(await again.echo('in')).toBe('in');
});

test('waits miss nothing between each other, and look back where they are told to', async () => {
  await using on = await begin();
  using client = await Client.open(on.proxy.url);
  for (const text of ['one', 'two']) await client.echo(text); // all of it before the first wait
  const opened = await on.session.until('open');
  const second = await on.session.until('message 2');
  expect(second.cursor).toBeGreaterThan(opened.cursor);
  await expect(on.session.until('open', { timeout: '50ms' })).rejects.toThrow(MomentTimeout);
  expect(await on.session.until('open', { after: 0 })).toEqual(opened);
  expect(await on.session.until('message 2', { after: opened.cursor })).toEqual(second);
});

test('a moment that does not come is an error that shows the last events', async () => {
  await using on = await begin();
  using client = await Client.open(on.proxy.url);
  await client.echo('one');
  const error = await on.session.until('close', { timeout: '100ms' }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(MomentTimeout);
  expect((error as Error).message).toMatch(/^"close" did not come in 100ms; the last of \d+ events:\n(.*\n)*  [\d.]+ms api #1 /);
  // What it read is still there for the next wait.
  expect(await on.session.until('message 1')).toMatchObject({ connection: 1 });
});

test('a moment of one connection, of one side', async () => {
  await using on = await begin();
  using first = await Client.open(on.proxy.url);
  using second = await Client.open(on.proxy.url);
  await first.echo('one');
  await second.echo('one');
  expect(await on.session.until('message 1', { connection: 2, from: 'server' })).toMatchObject({ connection: 2, from: 'server' });
  await expect(on.session.until('open', { after: 0, from: 'client' })).rejects.toThrow('it takes no `from`');
});

test('a wait reads on over more events than one answer holds', async () => {
  await using on = await begin();
  using client = await Client.open(on.proxy.url);
  const texts = Array.from({ length: 600 }, (_, number) => `message ${number}`);
  for (const text of texts) client.send(text);
  for (const text of texts) expect(await client.receive()).toBe(text);
  const { cursor } = await on.session.until('message 600');
  expect(cursor).toBeGreaterThan(1000);
});

test('closes, resets, ends and freezes one connection', async () => {
  await using on = await begin();
  using closed = await Client.open(on.proxy.url);
  using reset = await Client.open(on.proxy.url);
  using ended = await Client.open(on.proxy.url);
  using frozen = await Client.open(on.proxy.url);
  using other = await Client.open(on.proxy.url);
  await on.proxy.connection(1).close({ code: 4001, reason: 'token expired' });
  expect(await closed.closed).toEqual({ code: 4001, reason: 'token expired' });
  await on.proxy.connection(2).reset();
  expect((await reset.closed).code).toBe(1006);
  expect(await on.session.until('fault reset')).toMatchObject({ connection: 2 });
  await on.proxy.connection(3).fin();
  expect((await ended.closed).code).toBe(1006);
  const freeze = await on.proxy.connection(4).freeze();
  frozen.send('held');
  expect(await other.echo('passes')).toBe('passes');
  await freeze.heal();
  expect(await frozen.receive()).toBe('held');
});

test('sends a message and a ping of its own', async () => {
  await using on = await begin();
  using client = await Client.open(on.proxy.url);
  await on.proxy.connection(1).send('of nobody');
  expect(await client.receive()).toBe('of nobody');
  const pinged = client.pinged();
  await on.proxy.connection(1).ping();
  await pinged;
});

test('is disabled, enabled and removed', async () => {
  await using on = await begin();
  using client = await Client.open(on.proxy.url);
  await on.proxy.disable();
  expect((await client.closed).code).toBe(1006);
  expect(await Client.fails(on.proxy.url)).toBe('ECONNREFUSED');
  await on.proxy.enable();
  using again = await Client.open(on.proxy.url);
  expect(await again.echo('in')).toBe('in');
  await on.proxy.remove();
  expect((await again.closed).code).toBe(1006);
  await expect(on.proxy.info()).rejects.toMatchObject({ status: 404 });
});

test('a mark is the moment of a fault', async () => {
  await using on = await begin();
  await on.proxy.inject({ inject: 'reset', when: 'mark now', connections: 'all' });
  using client = await Client.open(on.proxy.url);
  await client.echo('one');
  await on.session.mark('now');
  expect((await client.closed).code).toBe(1006);
});

test('an expectation holds, or is an error that says what was seen', async () => {
  await using on = await begin([{ inject: 'reset', when: 'message 2' }]);
  using client = await Client.open(on.proxy.url);
  await on.session.report({ event: 'open' });
  for (const text of ['one', 'two']) client.send(text);
  await client.closed;
  await on.session.report({ event: 'close', code: 1000, reason: '', clean: true });
  const error = await on.session.expect({ close: 1006 }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ExpectationError);
  expect(error).toMatchObject({ expected: expect.stringContaining('1006'), actual: expect.stringContaining('1000') });
  expect((error as Error).message).toMatch(/^expect close = 1006: violated\n  expected  .*\n  seen {6}it reported 1000/);
  expect(await on.session.expect({ close: 1000 })).toMatchObject({ state: 'holds' });
});

test('an expectation that stays undecided is an error, too', async () => {
  await using on = await begin();
  using client = await Client.open(on.proxy.url);
  await client.echo('one');
  await expect(on.session.expect({ wire_close: 1012, since: 'open', within: '20s' }, { timeout: '100ms' })).rejects.toThrow(
    /undecided after 100ms\n  expected  .*1012/,
  );
});

test('the verdict judges what the client reported', async () => {
  await using on = await begin([{ inject: 'reset', when: 'message 1' }]);
  using client = await Client.open(on.proxy.url);
  await on.session.report({ event: 'open' });
  client.send('one');
  await client.closed;
  await on.session.report({ event: 'close', code: 1000, clean: true });
  const { cases, counts } = await on.session.verdict({ ended: true });
  expect(counts).toMatchObject({ cases: 1, failed: 1 });
  expect(cases).toMatchObject([{ outcome: 'failed', id: `${on.session.id}/api` }]);
  expect(cases[0]!.findings).toContainEqual(expect.objectContaining({ state: 'violated', cause_key: 'wrong_code_reported' }));
});

test('follows what happens, and ends with the session', async () => {
  await using on = await begin();
  const seen: LogEvent[] = [];
  const followed = (async () => {
    for await (const event of on.session.events()) seen.push(event);
  })();
  using client = await Client.open(on.proxy.url);
  await client.echo('grüße');
  await on.session.until('message 1');
  await on.session.end();
  await followed;
  const types = seen.map(({ type }) => type);
  expect(types).toEqual(expect.arrayContaining(['accepted', 'opened', 'frame_seen']));
  expect(seen.map(({ cursor }) => cursor)).toEqual(seen.map((_, index) => index + 1));
  expect(JSON.stringify(seen)).toContain('grüße');
});

test('following can be left, and goes on after a cursor', async () => {
  await using on = await begin();
  using client = await Client.open(on.proxy.url);
  await client.echo('one');
  let left = 0;
  for await (const event of on.session.events()) {
    left = event.cursor;
    if (event.type === 'opened') break;
  }
  for await (const event of on.session.events({ after: left })) {
    expect(event.cursor).toBe(left + 1);
    break;
  }
});

test('plays clients where the server is under test', async () => {
  await using session = await wsfault.session({ role: 'server', timeout: '10s' });
  await session.proxy({ name: 'api', upstream: server.url });
  await session.play({ steps: [{ send: 'hello' }, { expect: 'hello' }, { mark: 'echoed' }] });
  expect(await session.until('mark echoed')).toMatchObject({ type: 'mark' });
});

test('heartbeats keep a session; one that nobody keeps ends', async () => {
  await using kept = await wsfault.session({ ttl: '2s' });
  const proxy = await kept.proxy({ name: 'api', upstream: server.url });
  using client = await Client.open(proxy.url);
  const post = async (path: string, body: object) =>
    (await fetch(new URL(path, wsfault.url), { method: 'POST', body: JSON.stringify(body) })).json() as Promise<Record<string, string>>;
  const { id } = await post('/v1/sessions', { ttl: '3s' });
  const { url } = await post(`/v1/sessions/${id}/proxies`, { name: 'api', upstream: server.url });
  using lonely = await Client.open(url!);
  await lonely.closed;
  expect(await client.echo('still here')).toBe('still here');
});

test('what is gone is an error with its reason; an end that comes twice is none', async () => {
  const on = await begin();
  await on.session.end();
  await on.session.end();
  await expect(on.session.mark('late')).rejects.toMatchObject({ status: 404, hint: expect.stringContaining('POST /v1/sessions') });
});

test('errors say where in the body they are', async () => {
  await using on = await begin();
  // @ts-expect-error: no such fault
  const error = await on.proxy.inject({ inject: 'rest' }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(WsfaultError);
  expect(error).toMatchObject({ status: 400, errors: [{ pointer: '/inject', hint: expect.stringContaining('reset') }] });
  expect((error as Error).message).toMatch(/\/inject: .*rest.*reset/);
  await expect(on.session.until('clos')).rejects.toMatchObject({ status: 400 });
  await expect(on.session.until('close', { timeout: 'soon' })).rejects.toMatchObject({ status: 400 });
});
