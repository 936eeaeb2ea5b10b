import type { ChartContext } from '../charts/context.js';
import { elapsed } from '../data/format.js';
import { type Range, tagNames } from '../data/selection.js';

/** Chooses what is shown: pool, tag, time, scale. */
export function Filters({ context }: { readonly context: ChartContext }) {
  const { store, selected } = context;
  const { view } = selected.model;
  const { selection, logarithmic } = store.state;
  const { range } = selection;
  const lengthMs = view.elapsedMsAt(view.now);
  const tags = tagNames((selection.pool === undefined ? undefined : view.pool(selection.pool))?.total ?? view.total);
  const last = (minutes: number): Range => ({ fromMs: Math.max(0, lengthMs - minutes * 60_000), toMs: lengthMs + 1 });
  const isShown = (of: Range): boolean =>
    range !== undefined && Math.abs(of.fromMs - range.fromMs) < 1 && Math.abs(of.toMs - range.toMs) < 1;
  const chosen = (name: string, of: Range | undefined) => (
    <button
      key={name}
      type="button"
      aria-pressed={of === undefined ? range === undefined : isShown(of)}
      onClick={() => store.zoom(of)}
    >
      {name}
    </button>
  );
  return (
    <nav class="filters" aria-label="What is shown">
      {view.pools.length > 1 ? (
        <label>
          Pool
          <select
            value={selection.pool ?? ''}
            onChange={(event) =>
              store.select({
                pool: event.currentTarget.value === '' ? undefined : event.currentTarget.value,
                tag: undefined,
              })
            }
          >
            <option value="">all</option>
            {view.pools.map(({ id }) => (
              <option key={id} value={id}>
                {id}
              </option>
            ))}
          </select>
        </label>
      ) : null}
      {tags.length > 1 || selection.tag !== undefined ? (
        <label>
          Tag
          <select
            value={selection.tag === undefined ? '' : `=${selection.tag}`}
            onChange={(event) =>
              store.select({ tag: event.currentTarget.value === '' ? undefined : event.currentTarget.value.slice(1) })
            }
          >
            <option value="">all</option>
            {tags.map((tag) => (
              <option key={tag} value={`=${tag}`}>
                {tag === '' ? '(no tag)' : tag}
              </option>
            ))}
          </select>
        </label>
      ) : null}
      <fieldset class="group" aria-label="Time">
        {chosen('Whole run', undefined)}
        {lengthMs > 90_000 ? chosen('Last minute', last(1)) : null}
        {lengthMs > 450_000 ? chosen('Last 5 minutes', last(5)) : null}
      </fieldset>
      {range === undefined ? (
        <span class="muted hint">drag in a chart to zoom</span>
      ) : (
        <output class="range">
          {elapsed(range.fromMs, true)} – {elapsed(range.toMs, true)}
        </output>
      )}
      <label class="toggle">
        <input type="checkbox" checked={logarithmic} onChange={() => store.set({ logarithmic: !logarithmic })} />{' '}
        logarithmic times
      </label>
    </nav>
  );
}
