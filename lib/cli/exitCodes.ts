/** The exit codes of the process with the meaning of each, in the order of docs/CLI.md. Scripts depend on them. */
export const EXIT_CODE_TABLE = {
  ok: [0, 'the command succeeded; failed responses are results, not failures of the run'],
  runFailed: [
    1,
    'a pool failed, samples were dropped, results or standard output could not be written, your code failed outside of any call, or the run was given up after a second signal',
  ],
  badUsage: [2, 'the command line or the configuration cannot be used; nothing was shot'],
  thresholdsFailed: [3, 'a threshold was violated; the results are written'],
  badVerdict: [
    4,
    'the verdict is as bad as `--fail-on`, or the run is INVALID and has thresholds, which then cannot pass; the results are written',
  ],
  stoppedByRule: [
    5,
    'a threshold with `otherwise: stop`, or a rule of `autostop`, stopped the run; the results are written',
  ],
  hungUp: [129, 'ended by SIGHUP; what was recorded is flushed'],
  interrupted: [130, 'interrupted by SIGINT; what was recorded is flushed'],
  killed: [
    137,
    'the process killed itself, because it did not end after a second signal or a system call on a file did not return; unwritten results are lost',
  ],
  terminated: [143, 'terminated by SIGTERM; what was recorded is flushed'],
} as const satisfies Readonly<Record<string, readonly [code: number, meaning: string]>>;

/** The names of the exit codes. */
export type ExitCodeName = keyof typeof EXIT_CODE_TABLE;

type Codes = { readonly [N in ExitCodeName]: (typeof EXIT_CODE_TABLE)[N][0] };

/** The exit codes by name. */
export const EXIT_CODES = Object.fromEntries(
  Object.entries(EXIT_CODE_TABLE).map(([name, [code]]) => [name, code]),
) as Codes;
