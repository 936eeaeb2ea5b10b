import type { Path } from './path.js';

/** A place in a text, from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
  /** Characters from there, at most to the end of the line. */
  readonly length: number;
}

/** A config as written, to which issues refer. */
export interface IssueSource {
  /** Its name in messages: a path, a URL, `stdin`, or `config`. */
  readonly name: string;
  /** The text, if it came as text. */
  readonly text?: string;
  /** The value with its `${...}` references as written. */
  readonly written: unknown;
  /** Where a key or its value is written; the nearest map around it when it is not written at all. */
  place(path: Path, part: 'key' | 'value'): Place | undefined;
  /** The option of the command line that has replaced the value at a path, such as `--set pools.0.id`. */
  optionAt?(path: Path): string | undefined;
  /** By path, the values of the `${...}` references in that value. They MUST NOT be printed. */
  readonly substituted?: ReadonlyMap<string, readonly string[]>;
}
