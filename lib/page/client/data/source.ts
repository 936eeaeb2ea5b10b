import type { Playback } from '../../../engine/runHandle.js';
import { eventsFromWire } from '../../model/eventWire.js';
import { dataFromWire, type PageData } from '../../model/pageComparison.js';
import type { PageEvent } from '../../model/pageEvent.js';
import type { PageCommand } from '../../server/steer.js';

/** What a live page receives, in order. */
export interface LiveHandlers {
  /** A snapshot begins: what was received before is forgotten. */
  readonly onStart: (start: { readonly dropped: number; readonly steerable: boolean }) => void;
  /** How a recorded run is played from now on. */
  readonly onPlayback: (playback: Playback) => void;
  readonly onEvents: (events: readonly PageEvent[]) => void;
  /** The snapshot is complete. */
  readonly onLive: () => void;
  /** The run is over. */
  readonly onEnd: () => void;
  /** The connection is lost, or the server refuses with this text. It is tried again. */
  readonly onLost: (reason: string) => void;
  /** True when the end of the run is known, so that a lost connection is no loss. */
  readonly isOver: () => boolean;
}

/** The data in the page itself; `undefined` for a live page. */
export async function embeddedData(): Promise<PageData | undefined> {
  const base64 = document.getElementById('run')?.textContent;
  if (base64 === undefined || base64 === null) return undefined;
  const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return dataFromWire(await new Response(plain).text());
}

/** The token of the address. It is in the fragment, which no browser sends by itself. */
function authorization(): Record<string, string> {
  const token = location.hash.slice(1);
  return token === '' ? {} : { Authorization: `Bearer ${token}` };
}

/** Sends a command. Resolves with why it is refused, or `undefined`. */
export async function send(command: PageCommand): Promise<string | undefined> {
  try {
    const headers = { 'Content-Type': 'application/json', ...authorization() };
    const response = await fetch('steer', { method: 'POST', headers, body: JSON.stringify(command) });
    return response.ok ? undefined : (await response.text()).trim();
  } catch {
    return 'the run cannot be reached';
  }
}

const RETRY_MS = [500, 1000, 2000, 5000];

/** Reads the live stream until the run is over. A lost connection is made again, and begins with a new snapshot. */
export async function follow(handlers: LiveHandlers): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    const { over, received, reason } = await readOnce(handlers);
    if (over || handlers.isOver()) return handlers.onEnd();
    if (received) attempt = 0;
    handlers.onLost(reason);
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)]));
  }
}

interface Reading {
  /** The server has said that the run is over. */
  readonly over: boolean;
  readonly received: boolean;
  /** Why it ended otherwise. */
  readonly reason: string;
}

async function readOnce(handlers: LiveHandlers): Promise<Reading> {
  let [over, received] = [false, false];
  try {
    const response = await fetch('events', { headers: authorization(), cache: 'no-store' });
    if (!response.ok || response.body === null) return { over, received, reason: (await response.text()).trim() };
    for await (const { event, data } of framesOf(response.body)) {
      received = true;
      if (event === 'start') handlers.onStart(JSON.parse(data) as { dropped: number; steerable: boolean });
      else if (event === 'playback') handlers.onPlayback(JSON.parse(data) as Playback);
      else if (event === 'events') handlers.onEvents(eventsFromWire(data));
      else if (event === 'live') handlers.onLive();
      else over ||= event === 'end';
    }
    return { over, received, reason: 'the connection was closed' };
  } catch {
    return { over, received, reason: 'the run cannot be reached' };
  }
}

interface Frame {
  readonly event: string;
  readonly data: string;
}

/** The frames of server-sent events, each with one line of data. */
async function* framesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Frame> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    text += decoder.decode(value, { stream: true });
    let end = text.indexOf('\n\n');
    while (end >= 0) {
      const [, event = '', data = ''] = /^event: (.*)\ndata: (.*)$/.exec(text.slice(0, end)) ?? [];
      yield { event, data };
      text = text.slice(end + 2);
      end = text.indexOf('\n\n');
    }
  }
}
