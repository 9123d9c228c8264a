// What stands around `wsfault proxy` here: its process, a server behind it, and clients before it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { createInterface } from 'node:readline';

/** A running `wsfault proxy` (WSFAULT names it) on a free control port. */
export async function startProgram() {
  const words = ['proxy', '--control', '127.0.0.1:0', '--log-format', 'json', '--drain', '0'];
  const child = spawn(process.env.WSFAULT, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: child.stdout })) {
    const { control } = JSON.parse(line);
    if (!control) continue;
    child.stdout.resume();
    const stop = async () => {
      child.kill();
      await once(child, 'exit');
    };
    return { url: `http://${control}`, port: Number(control.split(':').at(-1)), stop };
  }
  throw new Error('wsfault proxy ended without listening');
}

/** Serves each connection with `serve(socket)`. */
export async function startServer(serve) {
  const sockets = new Set();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    serve(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const stop = () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return { address: `127.0.0.1:${server.address().port}`, stop };
}

export const startEcho = () => startServer((socket) => socket.on('data', (data) => socket.write(data)));

/** A connection to "127.0.0.1:80", which keeps what came and how it ended. */
export class Client {
  chunks = [];
  #socket;
  #changed = () => {};

  constructor(address) {
    const [host, port] = address.split(':');
    this.#socket = connect({ host, port, noDelay: true });
    this.#socket.on('data', (data) => {
      this.chunks.push(data);
      this.#changed();
    });
    // "end" (FIN) or the error's code (ECONNRESET, ECONNREFUSED).
    this.ended = new Promise((resolve) => {
      this.#socket.on('error', (error) => resolve(error.code)).on('end', () => resolve('end'));
    });
  }

  get text() {
    return Buffer.concat(this.chunks).toString();
  }

  async #receive(length) {
    while (this.text.length < length) {
      const more = new Promise((resolve) => (this.#changed = () => resolve(true)));
      const goes = await Promise.race([more, this.ended.then(() => false)]);
      if (!goes) throw new Error(`it ended after ${this.text.length} of ${length} bytes`);
    }
  }

  send(text) {
    this.#socket.write(text);
  }

  /** Sends it, waits until as much came back, and returns the milliseconds that it took. */
  async echo(text) {
    const began = performance.now();
    const length = this.text.length + text.length;
    this.send(text);
    await this.#receive(length);
    if (this.text.slice(-text.length) !== text) throw new Error(`${this.text.slice(-text.length)} came back instead of ${text}`);
    return performance.now() - began;
  }

  close() {
    this.#socket.destroy();
  }
}
