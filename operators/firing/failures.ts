import { UnsubscriptionError } from 'rxjs';
import { defined } from '../../lib/core/defined.js';
import { describeError } from '../../lib/core/errorContext.js';
import { ElpisError, type ErrorCode, isElpisError } from '../../lib/core/errors.js';

/** The largest number of failures that are kept; further ones are only counted. */
const MAX_KEPT = 100;
/** How many of them the message shows. */
const MAX_SHOWN = 5;

/**
 * Collects the failures of steps that each run under their own guard, and makes one error of them.
 *
 * - A single failure is passed on unchanged.
 * - For several, the error has the code and the hint of the first and the messages of all; its cause is an
 *   `AggregateError` of them, in the order in which they occurred. Failures beyond 100 are counted in the message.
 * - The errors inside an `UnsubscriptionError` of RxJS are added one by one. The same error counts once.
 */
export class Failures {
  readonly #errors: unknown[] = [];
  #more = 0;

  /** @param code The code of the error when the first of several failures is not an {@link ElpisError}. */
  constructor(private readonly code: ErrorCode) {}

  /** True when a step has failed. */
  get any(): boolean {
    return this.#errors.length > 0;
  }

  add(error: unknown): void {
    if (error instanceof UnsubscriptionError) for (const inner of error.errors as unknown[]) this.add(inner);
    else if (this.#errors.includes(error)) return;
    else if (this.#errors.length < MAX_KEPT) this.#errors.push(error);
    else this.#more++;
  }

  /** Runs a step and collects its exception. */
  attempt(step: () => void): void {
    try {
      step();
    } catch (error) {
      this.add(error);
    }
  }

  /** One error for all failures. */
  get error(): unknown {
    const [first] = this.#errors;
    const count = this.#errors.length + this.#more;
    if (count <= 1) return first;
    const messages = this.#errors.slice(0, MAX_SHOWN).map(describeError);
    if (count > MAX_SHOWN) messages.push(`${count - MAX_SHOWN} more`);
    const { code, hint } = isElpisError(first) ? first : { code: this.code, hint: undefined };
    const more = { cause: new AggregateError(this.#errors), ...defined({ hint }) };
    return new ElpisError(code, messages.join('; also: '), more);
  }
}
