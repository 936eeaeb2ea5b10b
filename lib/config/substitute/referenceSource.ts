/** Where the values of `${...}` references come from. */
export interface ReferenceSource {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The text of a properties file, by a path relative to the working directory. Throws when it can't be read. */
  readonly readFile: (path: string) => string;
}
