// Server-Sent Events (HTML Standard, 9.2) of a session as an async iterator.
import type { Api } from './api.js';
import { WsfaultError } from './errors.js';
import type { LogEvent } from './types.js';

export interface FollowOptions {
  /** The cursor of an event; default: from the beginning. */
  after?: number;
  proxy?: string;
}

/**
 * Goes on after the last event where the stream was cut; ends where the session has ended. An event of the type "lost"
 * stands for those that were dropped before they were read: `lost` says how many.
 */
export async function* follow(api: Api, path: string, { after = 0, proxy }: FollowOptions): AsyncGenerator<LogEvent, void, void> {
  const abort = new AbortController();
  try {
    for (;;) {
      let stream: ReadableStream<Uint8Array>;
      try {
        stream = await api.follow(path, { after, proxy }, abort.signal);
      } catch (error) {
        if (error instanceof WsfaultError && error.status === 404) return;
        throw error;
      }
      for await (const data of blocks(stream)) {
        const event = JSON.parse(data) as LogEvent | { lost: number } | { ended: true };
        if (!('type' in event) && 'ended' in event) return;
        after = 'cursor' in event ? (event.cursor as number) : after;
        yield { type: 'lost', at: 0, cursor: after, ...event };
      }
    }
  } finally {
    abort.abort();
  }
}

/** The data of each event; comments, which keep the stream alive, have none. */
async function* blocks(stream: ReadableStream<Uint8Array>): AsyncGenerator<string, void, void> {
  const decoder = new TextDecoder();
  let text = '';
  const reader = stream.getReader();
  for (;;) {
    // One that is cut has ended: whoever follows asks again, and learns why.
    const { done, value } = await reader.read().catch(() => ({ done: true, value: undefined }));
    if (done) return;
    text += decoder.decode(value, { stream: true });
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const lines = text.slice(0, end).split('\n');
      text = text.slice(end + 2);
      const data = lines.filter((line) => line.startsWith('data: ')).map((line) => line.slice(6));
      if (data.length > 0) yield data.join('\n');
    }
  }
}
