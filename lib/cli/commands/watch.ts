import { takeUntil, tap } from 'rxjs';
import { printSummaryTo } from '../../observers/summaryText.js';
import { PlaybackHandle } from '../../record/file/playback.js';
import { playRecord } from '../../record/file/playRecord.js';
import { readRecord } from '../../record/file/readRecord.js';
import { command, flag, type Given, requiredArgument, value } from '../command.js';
import { DISPLAYING, displayOf } from '../display.js';
import { EXIT_CODES } from '../exitCodes.js';
import { above0 } from '../overriding.js';
import { replayed } from '../replay.js';
import { DASHBOARD, dashboardOf } from '../shooting.js';
import { type Interruption, type SignalSource, signals } from '../signals.js';
import { type Io, printError } from '../terminal.js';

const OPTIONS = {
  record: requiredArgument('a record that --record or the key record has written: run.elp, also run.elp.gz'),
  speed: value('n', above0, 'how many times as fast as the run', { fallback: '1' }),
  ...DISPLAYING,
  quiet: flag('show nothing but errors', 'q'),
  dashboard: DASHBOARD,
};

async function watch(options: Given<typeof OPTIONS>, io: Io, source: SignalSource): Promise<number> {
  const { record: path, speed, quiet, dashboard } = options;
  const { events } = await readRecord(path);
  const handle = new PlaybackHandle(speed);
  const display = quiet ? undefined : await displayOf({ listed: [], deps: io }, options, io, source);
  let interruption: Interruption | undefined;
  const interrupted = signals(source).pipe(
    tap((signal) => {
      interruption = signal;
    }),
  );
  const { playback, stopped } = handle;
  const played = playRecord(events(), { playback }).pipe(takeUntil(interrupted), takeUntil(stopped));
  // The screen goes before the summary is printed.
  const observers = [
    ...(display?.observers ?? []),
    ...(quiet ? [] : [{ name: 'summary-text', observer: printSummaryTo({ stream: io.stdout, env: io.env }) }]),
    ...(dashboard === undefined ? [] : [dashboardOf(dashboard, io)]),
  ];
  const failures = await replayed(
    played,
    observers.map(({ observer }) => observer),
    handle,
  );
  for (const failure of failures) printError(failure, io);
  return interruption?.exitCode ?? (failures.length === 0 ? EXIT_CODES.ok : EXIT_CODES.runFailed);
}

/** `elpis watch`: plays a recorded run again, as its observers have shown it. */
export const watchCommand = command({
  name: 'watch',
  describe: 'play a recorded run again, on the screen or in the page',
  options: OPTIONS,
  notes: 'On the screen and in the page, keys and buttons pause it and change its speed. See docs/RECORD.md.',
  run: watch,
});
