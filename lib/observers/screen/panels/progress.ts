import type { Plan } from '../../../core/plan.js';
import type { EpochMs, Millis } from '../../../core/units.js';
import type { Playback } from '../../../engine/runHandle.js';
import { formatClock, formatRate } from '../../../report/format.js';
import { planRates } from '../../../report/rateChart.js';
import type { Stage } from '../../../view/planPosition.js';
import type { PoolView } from '../../../view/poolView.js';
import { rateText, sparkline } from '../figures.js';
import { cell, fit, type Line, lineWidth, type Span, span, type Tone } from '../line.js';
import { type Shown, shownPools } from './shown.js';

/** The state of a run in a word. */
function stateOf({ view, playback }: Shown): readonly [text: string, tone: Tone] {
  if (playback !== undefined) return playedState(playback);
  if (view.phase === 'waiting') return ['starting', 'dim'];
  if (view.phase === 'finished') return view.failure === undefined ? ['finished', 'good'] : ['failed', 'bad'];
  if (view.paused) return ['PAUSED', 'warn'];
  const ending = view.pools.every(
    ({ phase, position }) => phase === 'finished' || phase === 'stopped' || position.stopped,
  );
  return ending && view.pools.length > 0 ? ['ending', 'warn'] : ['running', 'good'];
}

/** How a recorded run is played. */
function playedState({ paused, speed }: Playback): readonly [text: string, tone: Tone] {
  const times = `x ${Number(speed.toPrecision(3))}`;
  return paused ? [`PAUSED ${times}`, 'warn'] : [`playing ${times}`, 'good'];
}

/** The bar of the time that has passed. */
function bar(done: number, width: number): readonly Span[] {
  const full = Math.max(0, Math.min(width, Math.floor(done * width)));
  return [span('━'.repeat(full), 'good'), span('─'.repeat(width - full), 'dim')];
}

/** The part of the planned time that has passed, of the longest pool; `null` when a pool has no plan. */
function doneOf(pools: readonly PoolView[], at: EpochMs): number | null {
  const parts = pools.map((pool) => pool.doneAt(at));
  if (parts.length === 0 || parts.some((part) => part === null)) return null;
  return Math.min(...(parts as readonly number[]));
}

/** The longest plan; `null` when a pool has none. */
function lengthOf(pools: readonly PoolView[]): Millis | null {
  const lengths = pools.map(({ plannedMs }) => plannedMs);
  if (lengths.length === 0 || lengths.some((length) => length === null)) return null;
  return Math.max(...(lengths as readonly number[]));
}

/** The first line: state, time, progress. */
export function headline(shown: Shown, width: number): Line {
  const { view, at } = shown;
  const [state, tone] = stateOf(shown);
  const length = lengthOf(view.pools);
  const done = doneOf(view.pools, at);
  const elapsed = `${formatClock(view.elapsedMsAt(at))}${length === null ? '' : ` of ${formatClock(length)}`}`;
  const left: Line = [
    span(' elpis ', 'reverse'),
    span('  '),
    span(state, tone),
    span('  '),
    span(elapsed, 'bold'),
    span('  '),
  ];
  const facts = [
    ...(view.threads > 1 ? [`${view.threads} threads`] : []),
    ...(view.pools.length > 1 ? [`${view.pools.length} pools`] : []),
  ];
  const percent = done === null ? '' : `${Math.floor(done * 100)} %`.padStart(6);
  const right: Line = [span(percent), span(facts.length === 0 ? ' ' : `  ${facts.join(', ')} `, 'dim')];
  const room = width - lineWidth(left) - lineWidth(right);
  return fit([...left, ...(done === null || room < 5 ? [] : bar(done, room)), ...right], width);
}

const stageText = ({ fromPerSecond, toPerSecond }: Stage): string => {
  if (fromPerSecond === Number.POSITIVE_INFINITY) return 'unlimited';
  const [from, to] = [rateText(fromPerSecond), rateText(toPerSecond)];
  return from === to ? formatRate(fromPerSecond) : `${from} to ${formatRate(toPerSecond)}`;
};

/** What the commands have changed, such as `x 1.05`. */
function steered({ position }: PoolView): readonly Span[] {
  const { steadyPerSecond, speed, paused, stopped } = position;
  const texts = [
    ...(paused ? ['paused'] : []),
    ...(stopped ? ['stopped'] : []),
    ...(steadyPerSecond !== undefined
      ? [`rate ${formatRate(steadyPerSecond)}`]
      : speed !== 1
        ? [`x ${speed.toFixed(2)}`]
        : []),
  ];
  return texts.length === 0 ? [] : [span(` ${texts.join(', ')}`, 'warn')];
}

/** The planned rates as bars. The highest is not a full one, so that lines one above another stay apart. */
function planBars(plan: Plan, width: number): string {
  const rates = planRates(plan, width);
  return sparkline(rates, 1.3 * Math.max(...rates));
}

/** The profile of a plan: the part that has passed is bright. */
function profile({ plan, phase, position }: PoolView, at: EpochMs, width: number): readonly Span[] {
  if (plan === undefined || width < 4) return [];
  const bars = [...planBars(plan, width)];
  const passed =
    phase === 'finished'
      ? width
      : Math.min(width, Math.floor((position.planMsAt(at) * 1e6 * width) / Math.max(1, plan.durationNs)));
  return bars.length === 0
    ? []
    : [span(bars.slice(0, passed).join(''), 'accent'), span(bars.slice(passed).join(''), 'dim')];
}

function poolLine(pool: PoolView, { at, view }: Shown, nameWidth: number, width: number): Line {
  const { stages, position, phase } = pool;
  const name = view.pools.length > 1 ? [span(` ${cell(pool.id, nameWidth)} `, 'bold')] : [span(' ')];
  if (phase === 'waiting') return fit([...name, span('waiting', 'dim')], width);
  if (phase === 'finished')
    return fit(
      [
        ...name,
        span('finished', 'dim'),
        ...(pool.stopReason === undefined ? [] : [span(`: ${pool.stopReason}`, 'warn')]),
      ],
      width,
    );
  if (phase === 'stopped') return fit([...name, span(`stopped: ${pool.stopReason ?? ''}`, 'warn')], width);
  const planMs = position.planMsAt(at);
  const number = stages.findIndex(({ toMs }) => planMs < toMs);
  const stage = stages[number];
  if (stage === undefined) {
    const text = pool.plan === undefined ? 'no plan: a stream of ticks' : 'the plan is over, shots are under way';
    return fit([...name, span(text, 'dim'), ...steered(pool)], width);
  }
  const left = (stage.toMs - planMs) / (position.speed || 1);
  const count = stages.length > 1 ? `stage ${number + 1} of ${stages.length}  ` : '';
  const following = stages[number + 1];
  const text = [
    ...name,
    span(count, 'dim'),
    span(stageText(stage), 'bold'),
    ...steered(pool),
    span(`, ${formatClock(left + 999)} left`, 'dim'),
    ...(following === undefined ? [] : [span(`, then ${stageText(following)}`, 'dim')]),
  ];
  const room = Math.min(60, Math.floor(width * 0.3));
  if (room < 8) return fit(text, width);
  return [...fit(text, width - room - 3), span('  '), ...fit(profile(pool, at, room), room + 1)];
}

/** A line for each pool; with less room than pools, the last line counts the others. */
export function poolLines(shown: Shown, width: number, height: number): readonly Line[] {
  const pools = shownPools(shown);
  const nameWidth = Math.min(20, Math.max(0, ...pools.map(({ id }) => id.length)));
  const fits = pools.length <= height ? pools.length : Math.max(0, height - 1);
  const lines = pools.slice(0, fits).map((pool) => poolLine(pool, shown, nameWidth, width));
  if (fits === pools.length || height === 0) return lines;
  return [...lines, fit([span(` and ${pools.length - fits} more pools: Tab shows each`, 'dim')], width)];
}
