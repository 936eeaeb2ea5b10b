import type { Playback } from '../../../engine/runHandle.js';
import { eventsToWire } from '../../model/eventWire.js';
import { pageHtml } from '../../model/pageHtml.js';
import type { ChartContext } from '../charts/context.js';
import { elapsed } from '../data/format.js';
import type { Connection, Store } from '../data/store.js';

/** The bytes as base64, in parts that fit into a call. */
function base64(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 0x8000) text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return btoa(text);
}

/** Saves the page with the data that it has as one HTML file, which is the report of the run so far. */
async function saveReport({ kept, model }: Store): Promise<void> {
  const plain = new Blob([eventsToWire(kept.events())]).stream();
  const packed = await new Response(plain.pipeThrough(new CompressionStream('deflate-raw'))).arrayBuffer();
  const policy = document.querySelector<HTMLMetaElement>('meta[http-equiv]')?.content ?? '';
  const html = pageHtml({
    script: document.querySelector('body > script:not([type])')?.textContent ?? '',
    style: document.querySelector('style')?.textContent ?? '',
    policy: policy.replace(/connect-src [^;]+/, "connect-src 'none'"),
    title: `${model.view.pools.map(({ id }) => id).join(', ')} - Elpis report`,
    data: base64(new Uint8Array(packed)),
  });
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([html], { type: 'text/html' }));
  link.download = 'elpis-report.html';
  link.click();
  URL.revokeObjectURL(link.href);
}

function connectionText(connection: Connection, dropped: number): string {
  const lost = dropped > 0 ? `; ${dropped} updates were dropped because this page was slow` : '';
  switch (connection.kind) {
    case 'report':
      return 'report';
    case 'connecting':
      return 'connecting…';
    case 'live':
      return `live${lost}`;
    case 'ended':
      return `the run has ended; this page keeps its data${lost}`;
    case 'lost':
      return `not connected: ${connection.reason}`;
  }
}

/** Changes the colours. */
function ThemeButton({ store }: { readonly store: Store }) {
  const { theme } = store.state;
  return (
    <button
      type="button"
      onClick={() => store.set({ theme: theme === 'dark' ? 'light' : 'dark' })}
      aria-label={`Show ${theme === 'dark' ? 'light' : 'dark'} colours`}
    >
      {theme === 'dark' ? 'Light' : 'Dark'}
    </button>
  );
}

/** The head of a comparison, which is only ever a file. */
export function ComparisonHeader({ store }: { readonly store: Store }) {
  return (
    <header>
      <div class="brand">
        <h1>
          <span class="wordmark">elpis</span> comparison
        </h1>
        <span class="tools">
          <ThemeButton store={store} />
        </span>
      </div>
    </header>
  );
}

const playedText = ({ paused, speed }: Playback): string =>
  `${paused ? 'paused' : 'playing'} × ${Number(speed.toPrecision(3))}`;

/** The state of the run, its progress, and what concerns the page itself. */
export function Header({ context }: { readonly context: ChartContext }) {
  const { store, selected } = context;
  const { view } = selected.model;
  const { connection, dropped, playback } = store.state;
  const title = view.pools.map(({ id }) => id).join(', ');
  const lengths = view.pools.map(({ plannedMs }) => plannedMs);
  const plannedMs = lengths.every((each) => each !== null && Number.isFinite(each))
    ? Math.max(0, ...lengths.map(Number))
    : null;
  const done = view.pools.map((pool) => pool.doneAt(view.now));
  const part = done.length > 0 && done.every((each) => each !== null) ? Math.min(...done.map(Number)) : null;
  const live = connection.kind === 'live' && view.phase === 'running';
  const played = playback !== undefined && live ? playedText(playback) : undefined;
  const phase = view.phase === 'running' && view.paused ? 'paused' : view.failure !== undefined ? 'failed' : view.phase;
  return (
    <header>
      <div class="brand">
        <h1>
          <span class="wordmark">elpis</span> {title}
        </h1>
        <span class={`pill ${playback?.paused && live ? 'paused' : phase}`} role="status">
          {played ?? phase}
        </span>
        {view.verdict === undefined ? null : (
          <span class={`pill ${view.verdict.level.toLowerCase()}`}>{view.verdict.level}</span>
        )}
        <span class="time">
          {elapsed(view.elapsedMsAt(view.now))}
          {plannedMs === null || plannedMs === 0 ? '' : ` / ${elapsed(plannedMs)}`}
        </span>
        <span class="connection">{connectionText(connection, dropped)}</span>
        <span class="tools">
          <button type="button" onClick={() => void saveReport(store)} title="Save everything as one HTML file">
            Save
          </button>
          <ThemeButton store={store} />
        </span>
      </div>
      {part === null || view.phase === 'waiting' ? null : (
        <progress value={part} max={1} aria-label="Progress of the plan" />
      )}
    </header>
  );
}
