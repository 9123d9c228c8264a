// A proxy of a session, its faults, and what can be done to one of its connections at once.
import type { Api } from './api.js';
import type { Attributes, ConnectionInfo, FaultInfo, NewFault, ProxyChange, ProxyInfo } from './types.js';

export class WsfaultProxy {
  readonly name: string;
  /** To which the client under test connects: ws://127.0.0.1:PORT. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  private readonly path: string;

  constructor(private readonly api: Api, private readonly session: string, info: ProxyInfo) {
    this.name = info.name;
    this.url = info.url;
    this.host = info.host;
    this.port = info.port;
    this.path = `${session}/proxies/${encodeURIComponent(info.name)}`;
  }

  /** Injects a fault. Without `when` it strikes now, what is open and what comes. */
  async inject(fault: NewFault): Promise<Fault> {
    const info = await this.api.call<FaultInfo>('POST', `${this.session}/faults`, { ...fault, at: this.name });
    return new Fault(this.api, this.session, info);
  }

  /** One of its connections, by its number from 1. */
  connection(number: number): Connection {
    return new Connection(this.api, this.session, `${this.path}/connections/${number}`);
  }

  /** Those that are open. */
  async connections(): Promise<ConnectionInfo[]> {
    return (await this.api.call<{ connections: ConnectionInfo[] }>('GET', `${this.path}/connections`)).connections;
  }

  /** Ends what is open, and refuses what comes. */
  async disable(): Promise<void> {
    await this.change({ enabled: false });
  }

  async enable(): Promise<void> {
    await this.change({ enabled: true });
  }

  /** With another `listen` it has another `url`: see the answer. */
  async change(change: ProxyChange): Promise<ProxyInfo> {
    return this.api.call<ProxyInfo>('PATCH', this.path, change);
  }

  /** As it is now, with its faults. */
  async info(): Promise<ProxyInfo> {
    return this.api.call<ProxyInfo>('GET', this.path);
  }

  /** Ends what is open, and listens no more. */
  async remove(): Promise<void> {
    await this.api.call('DELETE', this.path);
  }
}

export class Connection {
  constructor(private readonly api: Api, private readonly session: string, private readonly path: string) {}

  /** Sends a Close frame to the client: `close({ code: 1012 })`. */
  async close(attributes: Attributes = {}): Promise<void> {
    await this.act('close', attributes);
  }

  /** TCP RST. */
  async reset(attributes: Attributes = {}): Promise<void> {
    await this.act('reset', attributes);
  }

  /** TCP FIN, without a Close frame. */
  async fin(attributes: Attributes = {}): Promise<void> {
    await this.act('fin', attributes);
  }

  /** Nothing passes and nothing is read, until it is healed. */
  async freeze(attributes: Attributes = {}): Promise<Fault> {
    return this.act('freeze', attributes);
  }

  /** Sends a text message that the other side did not send. */
  async send(payload: string, attributes: Attributes = {}): Promise<void> {
    await this.act('send', { ...attributes, payload });
  }

  async ping(attributes: Attributes = {}): Promise<void> {
    await this.act('ping', attributes);
  }

  private async act(name: string, attributes: Attributes): Promise<Fault> {
    return new Fault(this.api, this.session, await this.api.call<FaultInfo>('POST', `${this.path}/${name}`, attributes));
  }
}

/** A fault that was injected. It heals when it is disposed of. */
export class Fault implements AsyncDisposable {
  readonly name: string;

  constructor(private readonly api: Api, private readonly session: string, readonly asked: FaultInfo) {
    this.name = asked.name;
  }

  /** What became of it. */
  async info(): Promise<FaultInfo> {
    return this.api.call<FaultInfo>('GET', this.path);
  }

  /** Takes it back. */
  async heal(): Promise<void> {
    await this.api.call('DELETE', this.path);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.heal();
  }

  private get path(): string {
    return `${this.session}/faults/${encodeURIComponent(this.name)}`;
  }
}
