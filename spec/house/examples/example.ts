/** A piece of TypeScript from a docstring or a Markdown file. */
export interface Example {
  /** Where it was found, from the root of the project. */
  readonly file: string;
  /** The line of the file, from 1, on which the code begins. */
  readonly line: number;
  readonly code: string;
  /** True for a Markdown block (```ts continues) that continues the block before it. */
  readonly continues: boolean;
  /** The exported symbol whose docstring it is from. */
  readonly of?: string;
}
