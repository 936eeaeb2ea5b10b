import { takeUntil, tap } from 'rxjs';
import { RunSteering } from '../../engine/runHandle.js';
import type { ListenAddress } from '../../observers/listenAddress.js';
import { playRecord } from '../../record/file/playRecord.js';
import { readRecord } from '../../record/file/readRecord.js';
import { realTimeScheduler } from '../../time/realTime.js';
import { command, flag, requiredArgument, value } from '../command.js';
import { EXIT_CODES } from '../exitCodes.js';
import { above0 } from '../overriding.js';
import { replayed } from '../replay.js';
import { DASHBOARD, dashboardOf, displaysOf } from '../shooting.js';
import { type Interruption, type SignalSource, signals } from '../signals.js';
import { type Io, printError } from '../terminal.js';

interface WatchOptions {
  readonly record: string;
  readonly speed: number;
  readonly quiet: boolean;
  readonly dashboard: ListenAddress | undefined;
}

async function watch(options: WatchOptions, io: Io, source: SignalSource): Promise<number> {
  const { record: path, speed, quiet, dashboard } = options;
  const { events } = await readRecord(path);
  const handle = new RunSteering(realTimeScheduler, false);
  let interruption: Interruption | undefined;
  const interrupted = signals(source).pipe(
    tap((signal) => {
      interruption = signal;
    }),
  );
  const played = playRecord(events(), { speed }).pipe(takeUntil(interrupted), takeUntil(handle.drain));
  const displays = [
    ...(quiet ? [] : displaysOf(io.stdout, io)),
    ...(dashboard === undefined ? [] : [dashboardOf(dashboard, io)]),
  ];
  const observers = displays.map(({ observer }) => observer);
  const failures = await replayed(played, observers, handle);
  for (const failure of failures) printError(failure, io);
  return interruption?.exitCode ?? (failures.length === 0 ? EXIT_CODES.ok : EXIT_CODES.runFailed);
}

/** `elpis watch`: plays a recorded run again, as its observers have shown it. */
export const watchCommand = command({
  name: 'watch',
  describe: 'play a recorded run again, with its displays',
  options: {
    record: requiredArgument('a record that --record or the key record has written: run.elp, also run.elp.gz'),
    speed: value('n', above0, 'how many times as fast as the run', { fallback: '1' }),
    quiet: flag('show nothing but errors', 'q'),
    dashboard: DASHBOARD,
  },
  run: (options, io, signalSource) => watch(options, io, signalSource),
});
