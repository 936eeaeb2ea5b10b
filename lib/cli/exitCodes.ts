/** The exit codes of the process, documented in docs/CLI.md. Scripts depend on them. */
export const EXIT_CODES = {
  /** The command succeeded. Failed responses are results, not failures of the run. */
  ok: 0,
  /**
   * A pool failed, samples were dropped, a strict run did not shoot all operations in time, or results or standard
   * output could not be written.
   */
  runFailed: 1,
  /** The command line or the configuration cannot be used; nothing was shot. */
  badUsage: 2,
  /** Ended by SIGHUP; recorded samples are flushed. 128 + 1. */
  hungUp: 129,
  /** Interrupted by SIGINT; recorded samples are flushed. 128 + 2. */
  interrupted: 130,
  /** Terminated by SIGTERM; recorded samples are flushed. 128 + 15. */
  terminated: 143,
  /**
   * The process killed itself (SIGKILL), because it did not end after a second signal or a system call on a file did
   * not return; unwritten results are lost. 128 + 9.
   */
  killed: 137,
} as const;
