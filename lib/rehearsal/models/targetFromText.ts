import type { Millis } from '../../core/units.js';
import { failureScript, parseScript } from './failureScript.js';
import { fittedFrom } from './fittedFrom.js';
import { constantLatency, empiricalLatency, exponentialLatency, logNormalLatency } from './latencies.js';
import { queueModel } from './queueModel.js';
import { inSeries, type TargetModel } from './targetModel.js';
import { readFields, TextScanner } from './textScanner.js';

type Reader = (scanner: TextScanner) => TargetModel;

function time(scanner: TextScanner): Millis {
  scanner.need('(');
  const ms = scanner.duration('the time');
  scanner.need(')');
  return ms;
}

function number(scanner: TextScanner, expected: string): number {
  const value = Number(scanner.peek() || Number.NaN);
  if (!(value >= 0)) scanner.fail(expected);
  scanner.word(expected);
  return value;
}

function logNormal(scanner: TextScanner): TargetModel {
  const { at } = scanner;
  let [medianMs, p99Ms, sigma] = [0, 0, -1];
  readFields(
    scanner,
    {
      median: () => {
        medianMs = scanner.duration('the median');
      },
      p99: () => {
        p99Ms = scanner.duration('the 99th percentile');
      },
      sigma: () => {
        sigma = number(scanner, 'sigma, a number of at least 0');
      },
    },
    ['median'],
  );
  const valid = medianMs > 0 && (p99Ms === 0) !== sigma < 0 && (sigma >= 0 || p99Ms >= medianMs);
  if (!valid) scanner.fail('a median above 0, and either a p99 that is not below it or a sigma', at);
  return logNormalLatency(sigma < 0 ? { medianMs, p99Ms } : { medianMs, sigma });
}

function empirical(scanner: TextScanner): TargetModel {
  const quantiles: [number, Millis][] = [];
  scanner.need('(');
  do {
    const at = scanner.more ? scanner.at : scanner.end;
    const quantile = number(scanner, 'a quantile between 0 and 1');
    scanner.need('=');
    const point: [number, Millis] = [quantile, scanner.duration('the time of the quantile')];
    const [before, msBefore] = quantiles.at(-1) ?? [-1, 0];
    if (quantile > 1 || quantile <= before || point[1] < msBefore)
      scanner.fail('ascending quantiles up to 1, with ascending times', at);
    quantiles.push(point);
  } while (scanner.skip(',') || (quantiles.length < 2 && scanner.need(',')));
  scanner.need(')');
  return empiricalLatency({ quantiles });
}

function queue(scanner: TextScanner): TargetModel {
  let servers = 0;
  let service: Millis | TargetModel = 0;
  let limit = 1000;
  let full: number | 'refuse' = 503;
  readFields(
    scanner,
    {
      servers: () => {
        servers = scanner.whole('how many servers', 1);
      },
      service: () => {
        if (scanner.atDuration) service = scanner.duration('the time of one service');
        else service = latencyWord(scanner, 'the time of one service, such as 5ms, or a model of it');
      },
      limit: () => {
        limit = scanner.whole('how many may wait', 0);
      },
      full: () => {
        const word = scanner.peek();
        if (word !== 'refuse' && !/^[1-5]\d\d$/.test(word)) scanner.fail('a status such as 503, or refuse');
        full = word === 'refuse' ? 'refuse' : Number(word);
        scanner.word(word);
      },
    },
    ['servers', 'service'],
  );
  return queueModel({ servers, service, limit, full });
}

const LATENCY_WORDS: Readonly<Record<string, Reader>> = {
  constant: (scanner) => constantLatency(time(scanner)),
  exponential: (scanner) => exponentialLatency(time(scanner)),
  lognormal: logNormal,
  empirical,
};

function latencyWord(scanner: TextScanner, expected: string): TargetModel {
  const reader = LATENCY_WORDS[scanner.peek()];
  if (reader === undefined) scanner.fail(`${expected} (${Object.keys(LATENCY_WORDS).join(', ')})`);
  scanner.word(expected);
  return reader(scanner);
}

/** The models written as a word with parentheses. */
const TARGET_WORDS: Readonly<Record<string, Reader>> = { ...LATENCY_WORDS, queue };

const KINDS = [...Object.keys(TARGET_WORDS), 'fit:FILE', 'script: ...'].join(', ');

/** The end of a part, which is the next ` + ` or the end of the text. */
function restEnd(scanner: TextScanner): number {
  const plus = scanner.text.slice(scanner.at).search(/\s\+\s/);
  return plus < 0 ? scanner.end : scanner.at + plus;
}

function takeRest(scanner: TextScanner): { readonly from: number; readonly to: number } {
  scanner.need(':');
  const from = scanner.at;
  scanner.at = restEnd(scanner);
  return { from, to: scanner.at };
}

/**
 * Reads a model of a target from a text such as `lognormal(median=20ms, p99=80ms)`, or several joined by `+`: their
 * times add up, and a script applies to all models before it.
 *
 * ```text
 * constant(20ms)                      lognormal(median=20ms, p99=80ms)       exponential(5ms)
 * empirical(0=5ms, 0.5=20ms, 1=90ms)  queue(servers=8, service=5ms, limit=100, full=503)
 * fit:phout.log                       script: ok 30s, stall 2s, 503 10s, ok
 * ```
 *
 * @param what The name of the text in messages.
 * @throws ElpisError `ELPIS_USAGE` with the column and what was expected there; the errors of {@link fittedFrom}.
 * @example
 * const target = await targetFromText('constant(5ms) + queue(servers=8, service=5ms, limit=100)');
 */
export async function targetFromText(text: string, what = 'target'): Promise<TargetModel> {
  const scanner = new TextScanner(what, text);
  let model: TargetModel | undefined;
  do {
    const word = scanner.peek();
    const reader = TARGET_WORDS[word];
    if (word !== 'fit' && word !== 'script' && reader === undefined) scanner.fail(`a model (${KINDS})`);
    scanner.word('a model');
    if (word === 'script') {
      const { from, to } = takeRest(scanner);
      parseScript(new TextScanner(what, text, from, to));
      model = failureScript(text.slice(from, to).trim(), model);
      continue;
    }
    let next: TargetModel;
    if (reader !== undefined) next = reader(scanner);
    else {
      const { from, to } = takeRest(scanner);
      const path = text.slice(from, to).trim();
      if (path === '') scanner.fail('a phout file', from);
      next = await fittedFrom(path);
    }
    model = model === undefined ? next : inSeries(model, next);
  } while (scanner.skip('+'));
  if (scanner.more) scanner.fail('"+" and another model, or the end');
  return model as TargetModel;
}
