/** A piece of TypeScript from a docstring or a Markdown file. */
export interface Example {
  /** Where it was found, from the root of the project. */
  readonly file: string;
  /** The line of that file, from 1, that the first line of the code is on. */
  readonly line: number;
  readonly code: string;
  /** A Markdown block (```ts continues) that goes on where the block before it ended. */
  readonly continues: boolean;
  /** The exported symbol whose docstring it is from. */
  readonly of?: string;
}
