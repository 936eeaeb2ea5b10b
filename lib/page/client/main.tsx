import { render } from 'preact';
import type { Histogram } from '../../measure/histogram.js';
import { App } from './app.js';
import { paletteOf } from './charts/palette.js';
import { Spreads, select } from './data/selection.js';
import { embeddedEvents, follow } from './data/source.js';
import { Store } from './data/store.js';

/** Draws the page into its place whenever something changes. */
function start(root: HTMLElement): void {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const spreads = new Spreads();
  const spread = (histogram: Histogram) => spreads.of(histogram);
  const draw = (): void => {
    const { theme, printing, selection } = store.state;
    const shown = printing ? 'light' : theme;
    document.documentElement.dataset.theme = shown;
    const context = { store, spread, palette: paletteOf(shown === 'dark'), selected: select(store.model, selection) };
    render(<App context={context} />, root);
  };
  const store = new Store(dark.matches ? 'dark' : 'light', draw);
  dark.addEventListener('change', () => store.set({ theme: dark.matches ? 'dark' : 'light' }));
  const print = (printing: boolean) => (): void => {
    store.set({ printing });
    draw();
  };
  addEventListener('beforeprint', print(true));
  addEventListener('afterprint', print(false));
  draw();
  void load(store);
}

/** Shows the data in the page, or follows the run. */
async function load(store: Store): Promise<void> {
  const events = await embeddedEvents();
  if (events !== undefined) {
    store.set({ connection: { kind: 'report' } });
    store.add(events);
    return;
  }
  let steerable = false;
  await follow({
    onStart: (start) => {
      ({ steerable } = start);
      store.restart(start.dropped);
    },
    onEvents: (received) => store.add(received),
    onLive: () => store.set({ connection: { kind: 'live', steerable } }),
    onEnd: () => store.set({ connection: { kind: 'ended' } }),
    onLost: (reason) => store.set({ connection: { kind: 'lost', reason } }),
    isOver: () => store.model.view.phase === 'finished',
  });
}

const root = document.getElementById('page');
if (root !== null) start(root);
