import type { EpochMs } from '../../core/units.js';
import type { ScenarioPlay } from './scenarioPlay.js';

/** Something that lasts, in one line of the drawing. */
interface Span {
  readonly lane: string;
  readonly from: EpochMs;
  /** Undefined for what never ended. */
  readonly to: EpochMs | undefined;
  readonly start: string;
  readonly fill: string;
  readonly end: string;
}

const PAUSE = 'pause';
/** Least number of places between two moments. */
const GAP = 4;

function spansOf({ samples, requests, pauses }: Omit<ScenarioPlay, 'drawing'>): Span[] {
  const spans: Span[] = samples.map(({ tag, scope, started, ended, status, error }) => {
    const [start, plain] = scope === '' ? ['o', status === 0 ? '' : String(status)] : ['|', error === '' ? '|' : ''];
    return { lane: tag, from: started, to: ended, start, fill: '-', end: error === '' ? plain : `${plain}#${error}` };
  });
  for (const { from, until } of pauses) spans.push({ lane: PAUSE, from, to: until, start: '~', fill: '~', end: '' });
  for (const { tag, at } of requests) {
    if (spans.some(({ lane, from }) => lane === tag && from === at)) continue;
    spans.push({ lane: tag, from: at, to: undefined, start: 'o', fill: '-', end: '' });
  }
  // What holds others comes before them: it is longer, or its tag is the beginning of theirs.
  return spans.sort(
    (a, b) => a.from - b.from || (b.to ?? Infinity) - (a.to ?? Infinity) || a.lane.length - b.lane.length,
  );
}

/** The place of each moment in a line: so that all labels fit. */
function placesOf(spans: readonly Span[], moments: readonly EpochMs[]): Map<EpochMs, number> {
  const places = new Map<EpochMs, number>();
  let place = 0;
  for (const moment of moments) {
    places.set(moment, place);
    const labels = spans.filter(({ to }) => to === moment).map(({ end }) => end.length + 2);
    place += Math.max(GAP, String(moment).length + 1, ...labels);
  }
  return places;
}

/** Draws a play; see `playScenario`. */
export function drawPlay(play: Omit<ScenarioPlay, 'drawing'>): string {
  const spans = spansOf(play);
  const moments = [...new Set(spans.flatMap(({ from, to }) => (to === undefined ? [from] : [from, to])))].sort(
    (a, b) => a - b,
  );
  const places = placesOf(spans, moments);
  const width = Math.max(0, ...places.values()) + GAP;
  const lines = new Map<string, string>();
  for (const { lane, from, to, start, fill, end } of spans) {
    const line = lines.get(lane) ?? '';
    const begin = Math.max(places.get(from) as number, line === '' ? 0 : line.length + (line.endsWith(fill) ? 0 : 1));
    const stop = to === undefined ? width : (places.get(to) as number);
    const body = stop > begin ? start + fill.repeat(stop - begin - 1) : '';
    lines.set(lane, line.padEnd(begin) + body + (to === undefined ? '>' : end));
  }
  const label = Math.max(2, ...[...lines.keys()].map(({ length }) => length)) + 2;
  let scale = '';
  for (const [moment, place] of places) scale = scale.padEnd(place) + String(moment);
  return [['ms', scale] as const, ...lines].map(([name, line]) => name.padEnd(label) + line).join('\n');
}
