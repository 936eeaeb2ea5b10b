import { failureScript } from './failureScript.js';
import { fittedFrom } from './fittedFrom.js';
import { TARGET_WORDS } from './targetWords.js';
import type { TargetModel } from './targetModel.js';
import { parseScript } from './parseScript.js';
import { TextScanner } from './textScanner.js';
import { together } from './together.js';

const KINDS = [...Object.keys(TARGET_WORDS), 'fit:FILE', 'script: ...'].join(', ');

/** The end of what goes on to the next ` + ` or to the end. */
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
 * Reads a model of a target from a text such as `lognormal(median=20ms, p99=80ms)`, several of them joined by `+`: times add
 * up, and a script plays upon all that stands before it.
 *
 * ```text
 * constant(20ms)                      lognormal(median=20ms, p99=80ms)       exponential(5ms)
 * empirical(0=5ms, 0.5=20ms, 1=90ms)  queue(servers=8, service=5ms, limit=100, full=503)
 * fit:phout.log                       script: ok 30s, stall 2s, 503 10s, ok
 * ```
 *
 * @param what Names the text in messages.
 * @throws ElpisError `ELPIS_USAGE` that says the column and what was expected there; those of {@link fittedFrom}.
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
    model = model === undefined ? next : together(model, next);
  } while (scanner.skip('+'));
  if (scanner.more) scanner.fail('"+" and another model, or the end');
  return model as TargetModel;
}
