/** What the process says to its caller when it ends. Documented in docs/CLI.md; scripts rely on it. */
export const EXIT_CODES = {
  /** Everything asked for was done. Failed responses are results, not failures of the run. */
  ok: 0,
  /** A pool failed, samples were dropped, or results could not be written. */
  runFailed: 1,
  /** The command line or the configuration can not be used; nothing was shot. */
  badUsage: 2,
  /** Interrupted by SIGINT; what was recorded is flushed. 128 + 2. */
  interrupted: 130,
  /** Terminated by SIGTERM; what was recorded is flushed. 128 + 15. */
  terminated: 143,
} as const;
