// A session: proxies, what happened there, and the judgement of it.
import type { Api } from './api.js';
import { milliseconds } from './duration.js';
import { ExpectationError, MomentTimeout, WsfaultError } from './errors.js';
import { follow, type FollowOptions } from './events.js';
import { WsfaultProxy } from './proxy.js';
import type {
  ClientInfo, Events, Expectation, Finding, LogEvent, NewClient, NewProxy, NewSession, ProxyInfo, Report, SessionInfo, Verdict,
} from './types.js';

export interface SessionOptions extends NewSession {
  /** How long `until` and `expect` wait; default 4s, before the 5s after which Vitest and Jest give a test up. */
  timeout?: string;
}

export interface UntilOptions {
  timeout?: string;
  /** The cursor of an event: only what came later counts. 0: from the beginning. Default: where the last wait ended. */
  after?: number;
  /** Only what happened at the proxy of that name. */
  proxy?: string;
  /** Only on the connection of that number. */
  connection?: number;
  /** Only what that side sent. */
  from?: 'client' | 'server';
}

/** The longest wait of one request. */
const longestWait = 50_000;

export class Session implements AsyncDisposable {
  readonly id: string;
  private readonly path: string;
  private readonly timeout: string;
  private readonly heartbeats?: NodeJS.Timeout;
  private cursor = 0;
  private isOver = false;

  constructor(private readonly api: Api, info: SessionInfo, timeout = '4s') {
    this.id = info.id;
    this.path = `/v1/sessions/${encodeURIComponent(info.id)}`;
    this.timeout = timeout;
    const ttl = milliseconds(info.ttl ?? '');
    if (ttl !== undefined) this.heartbeats = setInterval(() => this.heartbeat(), ttl / 3).unref();
  }

  /** Adds a proxy, which listens when this returns. */
  async proxy(asked: NewProxy): Promise<WsfaultProxy> {
    return new WsfaultProxy(this.api, this.path, await this.api.call<ProxyInfo>('POST', `${this.path}/proxies`, asked));
  }

  /** Adds what the system under test saw: verdicts know of it from here only. */
  async report(report: Report): Promise<void> {
    await this.api.call('POST', `${this.path}/reports`, report);
  }

  /** Adds a mark: the moment of faults with `when: 'mark NAME'`. */
  async mark(name: string, { proxy }: { proxy?: string } = {}): Promise<void> {
    await this.api.call('POST', `${this.path}/marks`, { name, proxy });
  }

  /** Plays a client, where the server is under test. */
  async play(client: NewClient = {}): Promise<ClientInfo> {
    return this.api.call<ClientInfo>('POST', `${this.path}/clients`, client);
  }

  /** Waits for a moment ("close", "message 3", "fault reset"), and returns the event with which it came. */
  async until(moment: string, { timeout = this.timeout, after = this.cursor, ...narrowed }: UntilOptions = {}): Promise<LogEvent> {
    const limit = milliseconds(timeout);
    const due = performance.now() + (limit ?? 0);
    const seen: LogEvent[] = [];
    let lost = 0;
    for (;;) {
      const left = Math.min(longestWait, Math.max(0, Math.ceil(due - performance.now())));
      // What this client cannot read, the server refuses.
      const wait = limit === undefined ? timeout : `${left}ms`;
      const page = await this.api.call<Events>('GET', `${this.path}/events`, undefined, { after, until: moment, timeout: wait, ...narrowed });
      if (page.came) {
        this.cursor = Math.max(this.cursor, page.cursor);
        return page.events.at(-1)!;
      }
      seen.push(...page.events);
      lost += page.lost;
      after = page.cursor;
      if (page.ended || performance.now() >= due) throw new MomentTimeout(moment, timeout, seen, lost, page.ended);
    }
  }

  /** What happens, from the beginning or after a cursor; ends with the session. */
  events(options: FollowOptions = {}): AsyncGenerator<LogEvent, void, void> {
    return follow(this.api, `${this.path}/events`, options);
  }

  /** The judgement of what has happened. `ended`: nothing more will happen, so what is pending is decided. */
  async verdict({ ended, proxy }: { ended?: boolean; proxy?: string } = {}): Promise<Verdict> {
    return this.api.call<Verdict>('GET', `${this.path}/verdict`, undefined, { ended, proxy });
  }

  /** Waits until the expectation is decided; throws an ExpectationError unless it holds. */
  async expect(expectation: Expectation, { timeout = this.timeout, proxy }: { timeout?: string; proxy?: string } = {}): Promise<Finding> {
    const finding = await this.api.call<Finding>('POST', `${this.path}/expect`, { ...expectation, timeout, proxy });
    if (finding.state !== 'holds' && finding.state !== 'warned') throw new ExpectationError(finding, timeout);
    return finding;
  }

  /** Ends it, with all that is in it. */
  async end(): Promise<void> {
    clearInterval(this.heartbeats);
    if (this.isOver) return;
    this.isOver = true;
    await this.api.call('DELETE', this.path).catch((error: unknown) => {
      if (!isGone(error)) throw error;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end();
  }

  private heartbeat(): void {
    this.api.call('POST', `${this.path}/heartbeat`).catch((error: unknown) => {
      // Whatever is wrong shows with the next call of the test.
      if (isGone(error)) clearInterval(this.heartbeats);
    });
  }
}

function isGone(error: unknown): boolean {
  return error instanceof WsfaultError && error.status === 404;
}
