/** The exit codes of the process. They are documented in docs/CLI.md; scripts depend on them. */
export const EXIT_CODES = {
  /** The command did what was asked. Failed responses are results, not failures of the run. */
  ok: 0,
  /** A pool failed, samples were dropped, a strict run was not shot whole or in time, or results or standard output could not be written. */
  runFailed: 1,
  /** The command line or the configuration cannot be used; nothing was shot. */
  badUsage: 2,
  /** Ended by SIGHUP; what was recorded is flushed. 128 + 1. */
  hungUp: 129,
  /** Interrupted by SIGINT; what was recorded is flushed. 128 + 2. */
  interrupted: 130,
  /** Terminated by SIGTERM; what was recorded is flushed. 128 + 15. */
  terminated: 143,
  /**
   * It did not end after a second signal, or the system did not let go of a file, and it has killed itself (SIGKILL); results that were
   * not written are lost. 128 + 9.
   */
  killed: 137,
} as const;
