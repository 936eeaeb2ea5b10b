import { writeFile } from 'node:fs/promises';
import { map, tap } from 'rxjs';
import { isSummarySnapshot, type SummarySnapshot } from '../aggregators/summary/summarySnapshot.js';
import { assemblePools } from '../config/assemblePools.js';
import { ExpvarTally } from '../dashboard/expvarTally.js';
import { type ExpvarServer, startExpvar } from '../dashboard/startExpvar.js';
import type { Pool } from '../engine/pool.js';
import type { RunEvent } from '../engine/runEvent.js';
import { runPools } from '../engine/runPools.js';
import { summaryJson } from '../report/summaryJson.js';
import { summaryText } from '../report/summaryText.js';
import { EXIT_CODES } from './exitCodes.js';
import type { Io } from './io.js';
import { LiveProgress } from './liveProgress.js';
import { loadRun } from './loadRun.js';
import { printError } from './printError.js';
import { type Interruption, type SignalSource, signals } from './signals.js';
import { useColour } from './useColour.js';

/** Options of `elpis run`. */
export interface RunCommandOptions {
  readonly quiet?: boolean;
  readonly summaryJson?: string;
}

/** What a run came to. */
interface Outcome {
  readonly summaries: readonly SummarySnapshot[];
  readonly interruption: Interruption | undefined;
  readonly error: unknown;
}

function execute(
  pools: readonly Pool[],
  quiet: boolean,
  io: Io,
  source: SignalSource,
  see: (event: RunEvent) => void,
): Promise<Outcome> {
  return new Promise((resolve) => {
    const summaries: SummarySnapshot[] = [];
    const progress = new LiveProgress(pools, io);
    let interruption: Interruption | undefined;
    const drain = signals(source).pipe(
      tap((asked) => {
        interruption = asked;
        const wait =
          asked.limitMs > 0 ? `shots under way may take ${asked.limitMs / 1000} s; again to stop at once` : 'now';
        if (!quiet) io.stderr.write(`${asked.signal}: stopping, ${wait}\n`);
      }),
      map(({ limitMs }) => limitMs),
    );
    const finish = (error: unknown): void => {
      progress.clear();
      resolve({ summaries, interruption, error });
    };
    runPools(pools, { drain }).subscribe({
      next: (event: RunEvent) => {
        see(event);
        if (!quiet) progress.show(event);
        if (event.type === 'report' && isSummarySnapshot(event.report.detail)) summaries.push(event.report.detail);
      },
      error: finish,
      complete: () => finish(undefined),
    });
  });
}

/** `elpis run`: shoots, shows progress, prints the summary, and answers with an exit code. */
export async function runCommand(
  location: string | undefined,
  { quiet = false, summaryJson: jsonFile }: RunCommandOptions,
  io: Io,
  source: SignalSource,
): Promise<number> {
  const loaded = await loadRun(location, io, { quiet });
  if (loaded === undefined) return EXIT_CODES.badUsage;
  const { expvar } = loaded.config.monitoring;
  const tally = new ExpvarTally();
  let pools: readonly Pool[];
  let counters: ExpvarServer | undefined;
  try {
    pools = assemblePools(loaded.config.pools, loaded.deps);
    if (expvar.enabled) counters = await startExpvar(expvar.port, () => tally.counters());
  } catch (error) {
    printError(error, io);
    return EXIT_CODES.badUsage;
  }
  const { summaries, interruption, error } = await execute(pools, quiet, io, source, (event) => tally.see(event));
  await counters?.close();
  const order = new Map(pools.map(({ id }, i) => [id, i]));
  const sorted = [...summaries].sort((a, b) => (order.get(a.pool) ?? 0) - (order.get(b.pool) ?? 0));
  if (!quiet && sorted.length > 0) {
    const width = io.stdout.columns ?? 100;
    io.stdout.write(`${summaryText(sorted, { colour: useColour(io.stdout, io.env), width })}\n`);
  }
  let code: number = interruption?.exitCode ?? EXIT_CODES.ok;
  if (error !== undefined) {
    printError(error, io);
    code = EXIT_CODES.runFailed;
  }
  if (jsonFile === undefined) return code;
  try {
    await writeFile(jsonFile, `${JSON.stringify(summaryJson(sorted), null, 2)}\n`);
    return code;
  } catch (cause) {
    printError(cause, io);
    return EXIT_CODES.runFailed;
  }
}
