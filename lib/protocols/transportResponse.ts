import type { Bytes } from '../core/units.js';

/** The answer of a target, as scenarios read it: text and JSON are made once, when they are first asked for. */
export class TransportResponse {
  #text: string | undefined;
  #json: { readonly value: unknown } | undefined;

  /**
   * @param status Status of the protocol, such as 200.
   * @param headers In the order in which they came; a name may repeat.
   * @param body Complete and decoded.
   */
  constructor(
    readonly status: number,
    readonly headers: readonly (readonly [name: string, value: string])[] = [],
    readonly body: Uint8Array = EMPTY,
  ) {}

  /** Value of the first header of that name, in upper or lower case. */
  header(name: string): string | undefined {
    const lower = name.toLowerCase();
    return this.headers.find(([each]) => each.toLowerCase() === lower)?.[1];
  }

  /** The values of all headers of that name, in upper or lower case. */
  allHeaders(name: string): readonly string[] {
    const lower = name.toLowerCase();
    return this.headers.filter(([each]) => each.toLowerCase() === lower).map(([, value]) => value);
  }

  get size(): Bytes {
    return this.body.length;
  }

  /** The body as UTF-8. */
  get text(): string {
    this.#text ??= Buffer.from(this.body.buffer, this.body.byteOffset, this.body.byteLength).toString('utf8');
    return this.#text;
  }

  /** The body as JSON; `undefined` when it is none. */
  get json(): unknown {
    this.#json ??= { value: parsed(this.text) };
    return this.#json.value;
  }
}

const EMPTY = new Uint8Array(0);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
