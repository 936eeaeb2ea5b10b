import type { Path } from '../../../codec/report/path.js';

/** Thrown for a construct that has no like in scenarios in code. */
export class NotConverted extends Error {}

/** A construct that was not converted: where it is, and why. */
export interface Unconverted {
  readonly path: Path;
  readonly reason: string;
}

/** What is collected while a file is converted. */
export class Conversion {
  readonly unconverted: Unconverted[] = [];
  /** The names that the code imports from `elpis/scenario`. */
  readonly imports = new Set<string>(['scenario']);
  /** True when the code makes random identifiers. */
  usesUuid = false;

  /** The code of a part, or `otherwise` when it cannot be converted; the reason is kept. */
  part<T>(path: Path, convert: () => T, otherwise: (reason: string) => T): T {
    try {
      return convert();
    } catch (error) {
      if (!(error instanceof NotConverted)) throw error;
      this.unconverted.push({ path, reason: error.message });
      return otherwise(error.message);
    }
  }

  /** A name of `elpis/scenario`, which the code imports. */
  use(name: string): string {
    this.imports.add(name);
    return name;
  }
}

/** A text as a literal of TypeScript, in the style of this project. */
export function literal(text: string): string {
  const json = JSON.stringify(text).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
  return text.includes("'") ? json : `'${json.slice(1, -1).replaceAll('\\"', '"')}'`;
}

/** A text inside of a template literal. */
export function templateText(text: string): string {
  return JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll('`', '\\`').replaceAll('${', '\\${');
}

/** A key of an object. */
export function keyOf(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : literal(name);
}

/** A property of a value. */
export function access(of: string, name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? `${of}.${name}` : `${of}[${literal(name)}]`;
}

const RESERVED = new Set(
  'break case catch class const continue debugger default delete do else enum export extends false finally for function if import in instanceof new null return super switch this throw true try typeof var void while with yield let static await async'.split(
    ' ',
  ),
);

/** Identifiers, each once. */
export class Names {
  readonly #taken: Set<string>;

  constructor(taken: Iterable<string> = []) {
    this.#taken = new Set([...RESERVED, ...taken]);
  }

  /** An identifier for a name. */
  take(name: string): string {
    const plain = name.replaceAll(/[^\w$]+/g, '_').replace(/^(?=\d|$)/, '_');
    let free = plain;
    for (let i = 2; this.#taken.has(free); i++) free = `${plain}_${i}`;
    this.#taken.add(free);
    return free;
  }
}
