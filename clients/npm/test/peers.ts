// The two ends of a test: a server that echoes, and a client that keeps what it saw.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';

export class EchoServer implements AsyncDisposable {
  private constructor(private readonly server: WebSocketServer) {
    server.on('connection', (socket) => {
      socket.on('error', () => {}); // a reset is what these tests are about
      socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
    });
  }

  static async start(): Promise<EchoServer> {
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    await once(server, 'listening');
    return new EchoServer(server);
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.server.clients) client.terminate();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

export class Client implements Disposable {
  readonly closed: Promise<{ code: number; reason: string }>;
  private readonly socket: WebSocket;
  private readonly received: string[] = [];
  private waiting?: () => void;

  private constructor(url: string) {
    this.socket = new WebSocket(url);
    this.socket.on('error', () => {});
    this.socket.on('message', (data) => {
      this.received.push(String(data));
      this.waiting?.();
    });
    this.closed = new Promise((resolve) =>
      this.socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() })),
    );
  }

  /** Resolves when it is open. */
  static async open(url: string): Promise<Client> {
    const client = new Client(url);
    await once(client.socket, 'open');
    return client;
  }

  static async fails(url: string): Promise<string> {
    const socket = new WebSocket(url);
    const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
    return error.code ?? error.message;
  }

  send(text: string): void {
    this.socket.send(text);
  }

  /** The next message. */
  async receive(): Promise<string> {
    while (this.received.length === 0) await new Promise<void>((resolve) => (this.waiting = resolve));
    return this.received.shift()!;
  }

  pinged(): Promise<unknown> {
    return once(this.socket, 'ping');
  }

  async echo(text: string): Promise<string> {
    this.send(text);
    return this.receive();
  }

  [Symbol.dispose](): void {
    this.socket.terminate();
  }
}
