// A `wsfault proxy` of our own: started, read until it listens, and stopped, however this process ends.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Socket } from 'node:net';

export interface StartOptions {
  /** The program; default: the environment variable WSFAULT, or `wsfault` in PATH. */
  program?: string;
  /** Further options of `wsfault proxy`, such as `['--seed', '42']`. */
  options?: string[];
}

// The shell stays in between: its read() ends with this process, even where that is killed, and no signal handler of
// ours is needed. It has let go of stdout by then, so the end of that is the end of the program.
const keeper = '"$@" </dev/null & child=$!; exec >/dev/null 2>&1; read -r nothing; kill "$child"; wait "$child"';
const mostKept = 16 * 1024;

export class Program {
  private stderr = '';
  private ended?: Promise<number>;
  private isOver = false;

  private constructor(
    private readonly keeper: ChildProcess,
    private readonly named: string,
  ) {}

  /** Returns the program and the address of its control port. */
  static async start({ program = process.env['WSFAULT'] || 'wsfault', options = [] }: StartOptions): Promise<[Program, string]> {
    const words = [program, 'proxy', '--control', '127.0.0.1:0', '--log-format', 'json', '--drain', '0', ...options];
    // A session of its own: Ctrl-C is for the tests, which then end theirs in order.
    const child = spawn('/bin/sh', ['-c', keeper, 'wsfault', ...words], { stdio: 'pipe', detached: true });
    const started = new Program(child, program);
    const address = await started.readAddress();
    child.unref();
    for (const stream of [child.stdin, child.stdout, child.stderr]) (stream as Socket).unref();
    return [started, address];
  }

  private async readAddress(): Promise<string> {
    const { stdout, stderr } = this.keeper;
    this.keeper.stdin!.on('error', () => {}); // it has ended: that is said by its exit
    stderr!.setEncoding('utf8').on('data', (text: string) => (this.stderr = (this.stderr + text).slice(-mostKept)));
    const exit = once(this.keeper, 'close') as Promise<[number]>;
    this.ended = exit.then(([code]) => code);
    const lines = createInterface({ input: stdout! });
    lines.once('close', () => {
      this.isOver = true;
      this.keeper.stdin!.end();
    });
    return new Promise((resolve, reject) => {
      lines.on('line', (line) => {
        const address = addressIn(line);
        if (address !== undefined) resolve(address);
      });
      exit.then(([code]) => reject(new Error(this.whyNotStarted(code))), reject);
    });
  }

  private whyNotStarted(code: number): string {
    const said = this.stderr.trim();
    if (code === 127 || code === 126)
      return `${this.named} cannot be run: ${said}; say where it is with WSFAULT or the option \`program\``;
    return `${this.named} proxy ended with exit code ${code}: ${said}`;
  }

  /** Empty while it runs. */
  whyGone(): string | undefined {
    if (!this.isOver) return undefined;
    return `${this.named} proxy, which was started here, has ended${this.stderr === '' ? '' : `: ${this.stderr.trim()}`}`;
  }

  /** Returns its exit code. */
  async stop(): Promise<number> {
    this.keeper.ref();
    this.keeper.stdin!.end();
    return this.ended!;
  }
}

function addressIn(line: string): string | undefined {
  try {
    const { control } = JSON.parse(line) as { control?: unknown };
    return typeof control === 'string' ? control : undefined;
  } catch {
    return undefined;
  }
}
