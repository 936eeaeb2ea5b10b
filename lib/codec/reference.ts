/**
 * The value of a string that consists of one `${...}` reference. Unlike a literal string, it can become a number, a
 * boolean, a duration or a size, as the option requires.
 */
export class Reference {
  constructor(
    /** The text that the reference stands for. */
    readonly text: string,
    /** The reference as written, for messages. */
    readonly reference: string,
  ) {}
}
