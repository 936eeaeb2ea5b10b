import { render } from 'preact';
import type { Histogram } from '../../measure/histogram.js';
import type { ComparedEvents } from '../model/pageComparison.js';
import { PageModel } from '../model/pageModel.js';
import { App } from './app.js';
import { paletteOf } from './charts/palette.js';
import { Spreads, select } from './data/selection.js';
import { embeddedData, follow } from './data/source.js';
import { type ComparedModel, Store } from './data/store.js';

/** Draws the page into its place whenever something changes. */
function start(root: HTMLElement): void {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const spreads = new Spreads();
  const spread = (histogram: Histogram) => spreads.of(histogram);
  const draw = (): void => {
    const { theme, printing, selection } = store.state;
    const shown = printing ? 'light' : theme;
    document.documentElement.dataset.theme = shown;
    const selected = select(store.model, selection);
    const runs = store.compared?.runs.map(({ name, before, model }) => ({
      ...{ name, before },
      selected: model === store.model ? selected : select(model, selection),
    })) ?? [{ name: undefined, before: false, selected }];
    const context = { store, spread, palette: paletteOf(shown === 'dark'), runs, selected };
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

/** The model of a run that is compared. */
function modelOf({ path, before, events }: ComparedEvents, i: number, all: readonly ComparedEvents[]): ComparedModel {
  const model = new PageModel();
  for (const event of events) model.add(event);
  const side = all.filter((run) => run.before === before);
  const number = side.length > 1 ? ` ${side.indexOf(all[i] as ComparedEvents) + 1}` : '';
  return { path, before, model, name: `${before ? 'before' : 'after'}${number}` };
}

/** Shows the data in the page, or follows the run. */
async function load(store: Store): Promise<void> {
  const data = await embeddedData();
  if (data !== undefined) {
    store.set({ connection: { kind: 'report' } });
    if (data.comparison === undefined) store.add(data.events);
    else store.compare({ comparison: data.comparison, runs: data.runs.map(modelOf) });
    return;
  }
  let steerable = false;
  await follow({
    onStart: (start) => {
      ({ steerable } = start);
      store.restart(start.dropped);
    },
    onPlayback: (playback) => store.set({ playback }),
    onEvents: (received) => store.add(received),
    onLive: () => store.set({ connection: { kind: 'live', steerable } }),
    onEnd: () => store.set({ connection: { kind: 'ended' } }),
    onLost: (reason) => store.set({ connection: { kind: 'lost', reason } }),
    isOver: () => store.model.view.phase === 'finished',
  });
}

const root = document.getElementById('page');
if (root !== null) start(root);
