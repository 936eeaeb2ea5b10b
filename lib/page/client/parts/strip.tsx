import type { ChartContext } from '../charts/context.js';
import { elapsed } from '../data/format.js';
import { marksOf } from '../data/marks.js';
import type { Range } from '../data/selection.js';
import { type PlayedStage, stagesIn } from '../data/stages.js';

/** More segments than this cannot be read. */
const MAX_STAGES = 40;
/** The latest events; the log has all. */
const MAX_EVENTS = 60;
/** What a click on an event shows around it. */
const AROUND_MS = 5000;

const percent = (part: number): string => `${(100 * Math.max(0, Math.min(1, part))).toFixed(2)}%`;

/** A stage that can be chosen. */
function Segment(props: {
  readonly stage: PlayedStage;
  readonly pool: string | undefined;
  readonly lengthMs: number;
  readonly pressed: boolean;
  readonly onChoose: (range: Range) => void;
}) {
  const { stage, pool, lengthMs, pressed, onChoose } = props;
  const { name, fromMs, toMs } = stage;
  const label = `${pool === undefined ? '' : `${pool}: `}${name}, ${elapsed(fromMs)} to ${elapsed(toMs)}`;
  return (
    <button
      type="button"
      class="segment"
      aria-pressed={pressed}
      title={label}
      style={{ left: percent(fromMs / lengthMs), width: percent((toMs - fromMs) / lengthMs) }}
      onClick={() => onChoose({ fromMs, toMs })}
    >
      {name}
    </button>
  );
}

/** The course of the run: the stages of each pool, and what happened. A click shows that time. */
export function Strip({ context }: { readonly context: ChartContext }) {
  const { selected, store, palette } = context;
  const { model, pools, selection } = selected;
  const { view } = model;
  const lengthMs = Math.max(1000, view.elapsedMsAt(view.now));
  const rows = pools
    .map((pool) => ({ id: pool.id, stages: stagesIn(model, pool, undefined) }))
    .filter(({ stages }) => stages.length > 1 && stages.length <= MAX_STAGES);
  const events = marksOf(selected, palette)
    .filter(({ kind }) => kind === 'event')
    .slice(-MAX_EVENTS);
  if (rows.length === 0 && events.length === 0) return null;
  const { range } = selection;
  const isShown = ({ fromMs, toMs }: Range): boolean =>
    range !== undefined && Math.abs(fromMs - range.fromMs) < 1 && Math.abs(toMs - range.toMs) < 1;
  return (
    <fieldset class="strip" aria-label="Stages and events">
      {rows.map(({ id, stages }) => (
        <div key={id} class="course">
          {pools.length > 1 ? <span class="name">{id}</span> : null}
          <div class="track">
            {stages.map((stage) => (
              <Segment
                key={stage.name}
                stage={stage}
                pool={pools.length > 1 ? id : undefined}
                lengthMs={lengthMs}
                pressed={isShown(stage)}
                onChoose={(chosen) => store.zoom(chosen)}
              />
            ))}
          </div>
        </div>
      ))}
      {events.length === 0 ? null : (
        <div class="course events">
          {pools.length > 1 && rows.length > 0 ? <span class="name">events</span> : null}
          <div class="track">
            {events.map(({ x, text, colour }, i) => (
              <button
                key={`${x} ${i}`}
                type="button"
                class="event"
                title={`${elapsed(x * 1000)} ${text}`}
                aria-label={`${elapsed(x * 1000)} ${text}`}
                style={{ left: percent((x * 1000) / lengthMs), background: colour }}
                onClick={() =>
                  store.zoom({
                    fromMs: Math.max(0, x * 1000 - AROUND_MS),
                    toMs: Math.min(lengthMs, x * 1000 + AROUND_MS),
                  })
                }
              />
            ))}
          </div>
        </div>
      )}
    </fieldset>
  );
}
