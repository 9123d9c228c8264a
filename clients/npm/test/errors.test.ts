// What the errors say.
import { expect, test } from 'vitest';
import { ExpectationError, MomentTimeout, WsfaultError } from '../src/index.js';

test('an expectation that is violated: what was expected and seen, the cause and the remedy', () => {
  const error = new ExpectationError(
    {
      state: 'violated',
      subject: 'expect close = 1006',
      expected: 'the sut reports close 1006 within 5s after the fault',
      seen: 'it reported 1000',
      broke: 'the server ended TCP with RST without a Close',
      cause: 'The client reports another code than the one that the end has.',
      remedy: 'Report the code of the first Close that came.',
    },
    '4s',
  );
  expect(error.message).toBe(`expect close = 1006: violated
  expected  the sut reports close 1006 within 5s after the fault
  seen      it reported 1000
  broke     the server ended TCP with RST without a Close
  cause     The client reports another code than the one that the end has.
  remedy    Report the code of the first Close that came.`);
});

test('a moment that did not come: the last events, with what is known of them', () => {
  const events = Array.from({ length: 14 }, (_, index) => ({ cursor: index + 1, type: 'frame_seen', at: index * 1_000_000, proxy: 'api', connection: 2, opcode: 1, from: 'server' }));
  const lines = new MomentTimeout('close', '4s', events, 3).message.split('\n');
  expect(lines[0]).toBe('"close" did not come in 4s; 3 events were dropped; the last of 14 events:');
  expect(lines.slice(1)).toEqual(Array.from({ length: 12 }, (_, index) => `  ${index + 2}.0ms api #2 frame_seen opcode=1 from=server`));
  expect(new MomentTimeout('close', '4s', [], 0).message).toBe('"close" did not come in 4s; nothing happened meanwhile');
  expect(new MomentTimeout('close', '4s', [], 0, true).message).toBe('"close" did not come before the session ended; nothing happened meanwhile');
});

test('an error of the API: each place in the body', () => {
  const errors = [{ pointer: '/inject', detail: 'unknown fault "rest"', hint: 'did you mean "reset"?' }, { pointer: '', detail: 'no' }];
  expect(new WsfaultError('POST /v1/x', 400, { detail: 'all of it', errors }).message).toBe(
    'POST /v1/x: the body is wrong\n  /inject: unknown fault "rest"; did you mean "reset"?\n  (body): no',
  );
  expect(new WsfaultError('GET /v1/x', 404, { detail: 'there is no x', hint: 'POST makes one' }).message).toBe(
    'GET /v1/x: there is no x; POST makes one',
  );
});
