/** What a session remembers: values by name. */
export type Vars = Readonly<Record<string, unknown>>;

/** The variables of a session that remembers nothing yet. */
export type NoVars = Readonly<Record<never, never>>;
