// A running `wsfault proxy`, our own or another's.
import { Api } from './api.js';
import { Program, type StartOptions } from './program.js';
import { Session, type SessionOptions } from './session.js';
import type { SessionInfo } from './types.js';

export class Wsfault implements AsyncDisposable {
  private constructor(
    private readonly api: Api,
    readonly version: string,
    private readonly program?: Program,
  ) {}

  /** Starts `wsfault proxy`, which ends with `stop()` or with this process. */
  static async start(options: StartOptions = {}): Promise<Wsfault> {
    const [program, address] = await Program.start(options);
    const api = new Api(`http://${address}`, undefined, () => program.whyGone());
    return new Wsfault(api, await versionOf(api), program);
  }

  /** Uses one that runs: `Wsfault.connect('http://127.0.0.1:8474')`. */
  static async connect(url: string, { token }: { token?: string } = {}): Promise<Wsfault> {
    const api = new Api(url, token);
    return new Wsfault(api, await versionOf(api));
  }

  /** Of its control port. */
  get url(): string {
    return this.api.url;
  }

  /** Begins a session: what a test makes, and what is gone with it. */
  async session(options: SessionOptions = {}): Promise<Session> {
    const { timeout, ...body } = options;
    return new Session(this.api, await this.api.call<SessionInfo>('POST', '/v1/sessions', body), timeout);
  }

  /** Stops it if it was started here. */
  async stop(): Promise<void> {
    await this.program?.stop();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

async function versionOf(api: Api): Promise<string> {
  return (await api.call<{ version: string }>('GET', '/v1')).version;
}
