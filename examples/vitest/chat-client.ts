// The client under test: it comes back after each end, and keeps the codes of them.
import { WebSocket } from 'ws';

const backoff = 50; // ms

export class ChatClient {
  readonly closes: number[] = [];
  private socket!: WebSocket;
  private retry?: NodeJS.Timeout;

  constructor(private readonly url: string) {
    this.connect();
  }

  private connect(): void {
    this.socket = new WebSocket(this.url);
    this.socket.on('error', () => {}); // a close follows
    this.socket.on('close', (code) => {
      this.closes.push(code);
      this.retry = setTimeout(() => this.connect(), backoff * (0.5 + Math.random()));
    });
  }

  stop(): void {
    this.socket.removeAllListeners('close');
    this.socket.terminate();
    clearTimeout(this.retry);
  }
}
