import { ElpisError } from '../../core/errors.js';

/** What a name in a scenario stands for. */
export type Named = 'scenario' | 'group' | 'request';

/**
 * The tags of a scenario: names joined by slashes, such as `shop` for the scenario, `shop/checkout` for a group in it and
 * `shop/checkout/order` for a request in that. Each tag stands for one kind of thing, so that rows of results never mix.
 */
export class TagBook {
  readonly #kinds = new Map<string, Named>();

  /** @throws ElpisError `ELPIS_CONFIG` when the tag stands for something else already. */
  tag(parent: string, name: string, kind: Named): string {
    const tag = parent === '' ? name : `${parent}/${name}`;
    const known = this.#kinds.get(tag);
    if (known === undefined) this.#kinds.set(tag, kind);
    else if (known !== kind) {
      throw new ElpisError('ELPIS_CONFIG', `scenario: "${tag}" names a ${known} and a ${kind}`, {
        hint: 'give one of them another name, so that their samples are told apart',
      });
    }
    return tag;
  }
}
