import type { Script, ScriptPhase } from './scriptPhase.js';
import { TextScanner } from './textScanner.js';

const VERBS = 'ok, stall, reset, refuse, a status such as 503, or slow such as x3';

function verb(scanner: TextScanner): Pick<ScriptPhase, 'verb' | 'figure'> {
  const word = scanner.peek();
  const { at } = scanner;
  scanner.at += word.length;
  if (word === 'ok' || word === 'stall' || word === 'reset' || word === 'refuse') return { verb: word, figure: 0 };
  if (/^[1-5]\d\d$/.test(word)) return { verb: 'status', figure: Number(word) };
  if (word !== 'slow') scanner.fail(VERBS, at);
  const factor = scanner.peek();
  const times = /^x(\d+\.?\d*|\.\d+)$/.exec(factor);
  if (times === null || Number(times[1]) === 0) scanner.fail('how many times slower, such as x3');
  scanner.at += factor.length;
  return { verb: 'slow', figure: Number(times[1]) };
}

/**
 * Reads a failure script: phases between commas, each a verb and how long it lasts; the last one lasts for ever, with or
 * without a length, unless the word `repeat` stands at the end.
 *
 * @throws ElpisError `ELPIS_USAGE` that says the column and what was expected there.
 */
export function parseScript(scanner: TextScanner): Script {
  const phases: ScriptPhase[] = [];
  for (;;) {
    if (phases.length > 0 && scanner.peek() === 'repeat') {
      const { at } = scanner;
      scanner.at += 'repeat'.length;
      if (scanner.more) scanner.fail('nothing after repeat');
      if (phases.every(({ lengthMs }) => lengthMs === 0)) scanner.fail('a phase that lasts longer than 0 before', at);
      return { phases, repeat: true };
    }
    const does = verb(scanner);
    const timed = scanner.atDuration;
    const lengthMs = timed ? scanner.duration('how long') : Number.POSITIVE_INFINITY;
    phases.push({ ...does, lengthMs });
    if (!scanner.more) break;
    if (!timed) scanner.fail('how long, a duration such as 30s; only the last phase may go without');
    scanner.need(',');
  }
  const last = phases.pop() as ScriptPhase;
  return { phases: [...phases, { ...last, lengthMs: Number.POSITIVE_INFINITY }], repeat: false };
}

/** Reads a whole text as a script. */
export function scriptFrom(text: string): Script {
  return parseScript(new TextScanner('script', text));
}
