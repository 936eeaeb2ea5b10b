import { ElpisError } from '../core/errors.js';
import { NET_CODE, type NetFailure } from '../protocols/netFailure.js';
import type { Session, Vars } from './session.js';

/**
 * Ends a scenario, or the part of it inside a `retry`, because a request or a check failed. It is the error of the
 * flow, so `retry` and `catchError` of RxJS also receive it. It never ends the run; the samples have its name.
 */
export class ScenarioFailure extends Error {
  override readonly name = 'ScenarioFailure';

  /** @param failure The failure for the samples of the scenario and of its groups. */
  constructor(
    readonly failure: NetFailure,
    readonly where: string,
  ) {
    super(`${where}: ${failure.errorName}`);
  }
}

/** The failure of a step that is counted like a check, such as `check: at most 5 turns`. */
export function stepFailure<V extends Vars>({ scope }: Session<V>, name: string): ScenarioFailure {
  return new ScenarioFailure({ netCode: NET_CODE.check, errorName: `check: ${name}` }, scope.span.tag);
}

const PLAIN = /^[^/\s|]([^/\t\n\r|]*[^/\s|])?$/;

/**
 * A name that can be a part of a tag.
 *
 * @throws ElpisError `ELPIS_CONFIG` for a name that is empty, has spaces at its ends, or contains a slash, `|` or
 *   control characters.
 */
export function plainName(what: string, name: string): string {
  if (typeof name === 'string' && PLAIN.test(name)) return name;
  throw new ElpisError(
    'ELPIS_CONFIG',
    `the name of a ${what} is ${JSON.stringify(name)}, expected a text without / and |`,
    {
      hint: 'names become tags: use a word or two',
    },
  );
}
