// Requests of the control port.
import { WsfaultError } from './errors.js';
import type { Problem } from './types.js';

export type Query = Record<string, string | number | boolean | undefined>;

export class Api {
  /** `whyGone` says what became of a program of our own that does not answer. */
  constructor(
    readonly url: string,
    private readonly token?: string,
    private readonly whyGone: () => string | undefined = () => undefined,
  ) {}

  async call<T>(method: string, path: string, body?: unknown, query: Query = {}): Promise<T> {
    const headers: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
    const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const response = await this.request(path, query, init);
    const text = await response.text();
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  /** A response whose body goes on: Server-Sent Events. */
  async follow(path: string, query: Query, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    const response = await this.request(path, query, { headers: { accept: 'text/event-stream' }, signal });
    if (response.body === null) throw new Error(`GET ${path}: the answer has no body`);
    return response.body;
  }

  private async request(path: string, query: Query, init: RequestInit & { headers: Record<string, string> }): Promise<Response> {
    const url = new URL(path, this.url);
    for (const [key, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(key, String(value));
    if (this.token !== undefined) init.headers['authorization'] = `Bearer ${this.token}`;
    const named = `${init.method ?? 'GET'} ${path}`;
    let response: Response;
    try {
      response = await fetch(url, init);
    } catch (error) {
      if (init.signal?.aborted) throw error;
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
      throw new WsfaultError(named, 0, { detail: `${this.url} does not answer: ${cause}`, hint: this.whyGone() }, { cause: error });
    }
    if (!response.ok) throw new WsfaultError(named, response.status, problemOf(response.status, await response.text()));
    return response;
  }
}

function problemOf(status: number, text: string): Pick<Problem, 'detail' | 'hint' | 'errors'> {
  try {
    const problem: unknown = JSON.parse(text);
    if (typeof problem === 'object' && problem !== null && 'detail' in problem) return problem as Problem;
  } catch {
    // Not of wsfault: another server at that address.
  }
  return { detail: `status ${status}: ${text.slice(0, 200)}` };
}
