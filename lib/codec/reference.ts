/**
 * A string value that was nothing but one `${...}` reference, after substitution. Unlike a literal string it may become a
 * number, a boolean, a duration or a size, as the option needs.
 */
export class Reference {
  constructor(
    /** The text that the reference stands for. */
    readonly text: string,
    /** The reference as written, for messages. */
    readonly reference: string,
  ) {}
}
