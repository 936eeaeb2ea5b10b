import { defined } from '../../core/defined.js';
import { RunJudgement } from '../../engine/judgement.js';
import type { RunEvent } from '../../engine/runEvent.js';
import { printSummaryTo } from '../../observers/summaryText.js';
import { type RunRecord, readRecord } from '../../record/file/readRecord.js';
import { summaryJson } from '../../report/summaryJson.js';
import { command, flag, requiredArgument } from '../command.js';
import { EXIT_CODES } from '../exitCodes.js';
import { replayed } from '../replay.js';
import type { Io } from '../terminal.js';

type Finished = Extract<RunEvent, { readonly type: 'run-finished' }>;

/** The end of a recorded run. When the record has none, the results until its last event, as of a run that was cut. */
async function endOf(record: RunRecord, io: Io): Promise<Finished> {
  const { seed, facts } = record.header;
  const limits = defined({ verdict: facts?.judging?.verdict });
  let judgement = new RunJudgement([], 1, limits);
  let last: RunEvent | undefined;
  for await (const event of record.events({ every: 'auto' })) {
    if (event.type === 'run-finished') return event;
    if (event.type === 'run-started') {
      judgement = new RunJudgement(event.pools, event.threads, limits);
    } else judgement.add(event);
    last = event;
  }
  io.stderr.write(
    `${record.path}: the record ends before the run has ended, which was killed or is under way; these are the results until then\n`,
  );
  const at = last?.at ?? record.header.start;
  return { type: 'run-finished', at, ...judgement.end(at), ...defined({ seed }) };
}

async function show(path: string, json: boolean, io: Io): Promise<number> {
  const record = await readRecord(path);
  const finished = await endOf(record, io);
  const { summaries, seed } = finished;
  if (json) io.stdout.write(`${JSON.stringify(summaryJson(summaries, { seed, outcome: finished }), null, 2)}\n`);
  else await replayed([finished], [printSummaryTo({ stream: io.stdout, env: io.env })]);
  return EXIT_CODES.ok;
}

/** `elpis show`: prints the summary of a recorded run again. */
export const showCommand = command({
  name: 'show',
  describe: 'print the summary of a recorded run again',
  options: {
    record: requiredArgument('a record that --record or the key record has written: run.elp, also run.elp.gz'),
    json: flag('print the summary as JSON, as --summary-json writes it'),
  },
  run: ({ record, json }, io) => show(record, json, io),
});
