// What the client throws.
import { AssertionError } from 'node:assert';
import type { Finding, LogEvent, Problem } from './types.js';

/** An error of the API (RFC 9457), or, with the status 0, of reaching it. */
export class WsfaultError extends Error {
  override readonly name = 'WsfaultError';
  readonly detail: string;
  readonly hint?: string;
  /** What is wrong with the body: each with a JSON pointer to its place (RFC 6901). */
  readonly errors: NonNullable<Problem['errors']>;

  constructor(
    request: string,
    readonly status: number,
    problem: Pick<Problem, 'detail' | 'hint' | 'errors'>,
    options?: ErrorOptions,
  ) {
    const errors = problem.errors ?? [];
    const places = errors.map(({ pointer, detail, hint }) => `\n  ${pointer || '(body)'}: ${detail}${hint ? `; ${hint}` : ''}`);
    const hint = problem.hint ? `; ${problem.hint}` : '';
    super(`${request}: ${places.length > 0 ? `the body is wrong${places.join('')}` : problem.detail + hint}`, options);
    this.detail = problem.detail;
    this.hint = problem.hint;
    this.errors = errors;
  }
}

/** A moment did not come in time, or before the session ended. */
export class MomentTimeout extends Error {
  override readonly name = 'MomentTimeout';

  constructor(
    readonly moment: string,
    readonly timeout: string,
    /** What happened meanwhile. */
    readonly events: LogEvent[],
    /** How many more events happened, which were dropped before they were read. */
    readonly lost: number,
    /** The session ended while it was waited for. */
    readonly ended = false,
  ) {
    const limit = ended ? 'before the session ended' : `in ${timeout}`;
    super(`"${moment}" did not come ${limit}; ${lost > 0 ? `${lost} events were dropped; ` : ''}${told(events)}`);
  }
}

/** An expectation does not hold, or is undecided. */
export class ExpectationError extends AssertionError {
  constructor(readonly finding: Finding, timeout: string) {
    const { state, subject, expected, seen, broke, cause, remedy } = finding;
    const lines = [
      state === 'pending' ? `${subject}: undecided after ${timeout}` : `${subject}: ${state}`,
      `  expected  ${expected}`,
      `  seen      ${seen}`,
    ];
    if (broke) lines.push(`  broke     ${broke}`);
    if (cause) lines.push(`  cause     ${cause}`);
    if (remedy) lines.push(`  remedy    ${remedy}`);
    super({ message: lines.join('\n'), actual: seen, expected, operator: 'expect' });
    this.name = 'ExpectationError';
  }
}

const shown = 12;

function told(events: LogEvent[]): string {
  if (events.length === 0) return 'nothing happened meanwhile';
  const lines = events.slice(-shown).map((event) => `\n  ${line(event)}`);
  return `the last of ${events.length} events:${lines.join('')}`;
}

/** "12.3ms api #1 frame_seen from=server opcode=1 …" */
function line({ cursor, at, proxy, connection, type, link, party, ...rest }: LogEvent): string {
  const members = Object.entries(rest).map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const where = `${proxy ?? ''}${connection === undefined ? '' : ` #${connection}`}`;
  return `${(at / 1e6).toFixed(1)}ms ${where} ${type} ${members.join(' ')}`.trimEnd();
}
