/** What a session remembers: values by name. No names are known unless a type says so, so that a missing one is an error. */
export type Vars = object;

/** The variables of a session that remembers nothing yet. */
export type NoVars = Readonly<Record<never, never>>;
