import type { EpochMs } from '../../core/units.js';
import type { PlayedSample, ScenarioPlay } from './scenarioPlay.js';

/** An interval in one line of the drawing. */
interface Span {
  readonly lane: string;
  readonly from: EpochMs;
  /** Undefined when it never ended. */
  readonly to: EpochMs | undefined;
  readonly start: string;
  readonly fill: string;
  readonly end: string;
}

const PAUSE = 'pause';
/** The smallest number of characters between two moments. */
const GAP = 4;

/** Spans before what they contain, then in the order in which they began. */
function spansOf({ samples, requests, pauses }: Omit<ScenarioPlay<unknown>, 'drawing'>): Span[] {
  const left = [...samples];
  const sent = requests.map(({ tag, at, scripted }): Span => {
    if (!scripted) return { lane: tag, from: at, to: at, start: 'o', fill: '-', end: '#no script' };
    const found = left.findIndex((sample) => sample.scope === '' && sample.tag === tag && sample.started === at);
    const [sample] = found < 0 ? [] : left.splice(found, 1);
    const status = sample === undefined || sample.status === 0 ? '' : String(sample.status);
    return { lane: tag, from: at, to: sample?.ended, start: 'o', fill: '-', end: status + failureOf(sample) };
  });
  const spans = left.map((sample): Span => {
    const { tag, started, ended } = sample;
    return { lane: tag, from: started, to: ended, start: '|', fill: '-', end: failureOf(sample) || '|' };
  });
  spans.sort((a, b) => a.lane.length - b.lane.length);
  const waits = pauses.map(({ from, until }): Span => {
    return { lane: PAUSE, from, to: until, start: '~', fill: '~', end: '' };
  });
  return [...spans, ...sent, ...waits].map(toMicros).sort((a, b) => a.from - b.from);
}

/** Moments to a thousandth of a millisecond, so that moments that differ only by rounding are one column. */
const toMicros = (span: Span): Span => {
  const round = (at: EpochMs): EpochMs => Number(at.toFixed(3));
  return { ...span, from: round(span.from), to: span.to === undefined ? undefined : round(span.to) };
};

const MAX_DECIMALS = 3;

/** Each moment with the fewest decimals that change it by at most a tenth of the distance to its nearest neighbour. */
function labelsOf(moments: readonly EpochMs[]): Map<EpochMs, string> {
  return new Map(
    moments.map((moment, i) => {
      const before = moment - (moments[i - 1] ?? Number.NEGATIVE_INFINITY);
      const gap = Math.min(before, (moments[i + 1] ?? Number.POSITIVE_INFINITY) - moment, Math.abs(moment));
      let decimals = 0;
      while (decimals < MAX_DECIMALS && Math.abs(Number(moment.toFixed(decimals)) - moment) > gap / 10) decimals++;
      return [moment, String(Number(moment.toFixed(decimals)))];
    }),
  );
}

const failureOf = (sample: PlayedSample | undefined): string =>
  sample === undefined || sample.error === '' ? '' : `#${sample.error}`;

/** The column of each moment, so that all labels fit. */
function placesOf(spans: readonly Span[], moments: ReadonlyMap<EpochMs, string>): Map<EpochMs, number> {
  const places = new Map<EpochMs, number>();
  let place = 0;
  for (const [moment, text] of moments) {
    places.set(moment, place);
    const labels = spans
      .filter(({ to }) => to === moment)
      .map(({ lane, end }) => {
        const continues = spans.some((next) => next.lane === lane && next.from === moment && next.to !== moment);
        return end.length + (continues ? GAP + 1 : 2);
      });
    place += Math.max(GAP, text.length + 1, ...labels);
  }
  return places;
}

/** Draws a play; see `playScenario`. */
export function drawPlay(play: Omit<ScenarioPlay<unknown>, 'drawing'>): string {
  const spans = spansOf(play);
  const moments = [...new Set(spans.flatMap(({ from, to }) => (to === undefined ? [from] : [from, to])))].sort(
    (a, b) => a - b,
  );
  const texts = labelsOf(moments);
  const places = placesOf(spans, texts);
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
  for (const [moment, place] of places) scale = scale.padEnd(place) + texts.get(moment);
  return [['ms', scale] as const, ...lines].map(([name, line]) => name.padEnd(label) + line).join('\n');
}
