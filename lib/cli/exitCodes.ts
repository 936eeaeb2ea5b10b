/** The exit codes of the process. They are documented in docs/CLI.md; scripts depend on them. */
export const EXIT_CODES = {
  /** The command did what was asked. Failed responses are results, not failures of the run. */
  ok: 0,
  /** A pool failed, samples were dropped, or results could not be written. */
  runFailed: 1,
  /** The command line or the configuration cannot be used; nothing was shot. */
  badUsage: 2,
  /** Interrupted by SIGINT; what was recorded is flushed. 128 + 2. */
  interrupted: 130,
  /** Terminated by SIGTERM; what was recorded is flushed. 128 + 15. */
  terminated: 143,
} as const;
