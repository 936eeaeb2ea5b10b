import { nonEmpty } from '../../codec/scalars.js';
import { isSameFile } from '../../config/fileIssues.js';
import { ElpisError } from '../../core/errors.js';
import { ReplacedFile } from '../../observers/replacedFile.js';
import { readPageFiles } from '../../page/document.js';
import { KeptEvents } from '../../page/model/keptEvents.js';
import { reportOf } from '../../page/report.js';
import { readRecord } from '../../record/file/readRecord.js';
import { command, requiredArgument, value } from '../command.js';
import { EXIT_CODES } from '../exitCodes.js';
import type { Io } from '../terminal.js';

/** The file of the report of a record: `run.html` for `run.elp` and `run.elp.gz`. */
const besides = (record: string): string => `${record.replace(/(\.elp)?(\.gz)?$/, '')}.html`;

async function write(path: string, out: string, io: Io): Promise<number> {
  if (isSameFile(out, path)) {
    throw new ElpisError('ELPIS_USAGE', `--out ${out} is the record itself`, { hint: 'for example --out run.html' });
  }
  const record = await readRecord(path);
  const file = new ReplacedFile(out);
  try {
    const kept = new KeptEvents();
    let over = false;
    for await (const event of record.events({ every: 'auto' })) {
      kept.add(event);
      over ||= event.type === 'run-finished';
    }
    await file.write(await reportOf(kept.events(), readPageFiles()));
    if (!over) io.stderr.write(`${path}: the record ends before the run has ended; the report has what is there\n`);
    io.stdout.write(`${out}\n`);
    return EXIT_CODES.ok;
  } finally {
    file.discard();
  }
}

/** `elpis report`: writes the report of a recorded run. */
export const reportCommand = command({
  name: 'report',
  describe: 'write the report of a recorded run as one HTML file',
  options: {
    record: requiredArgument('a record that --record or the key record has written: run.elp, also run.elp.gz'),
    out: value('file', nonEmpty, 'the file, which is replaced; by default beside the record: run.html', { short: 'o' }),
  },
  run: ({ record, out = besides(record) }, io) => write(record, out, io),
});
