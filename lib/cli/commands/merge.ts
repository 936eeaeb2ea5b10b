import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { nonEmpty } from '../../codec/scalars.js';
import { ElpisError } from '../../core/errors.js';
import { command, list, requiredArgument } from '../command.js';
import { EXIT_CODES } from '../exitCodes.js';
import { writeAll } from '../terminal.js';

/** A file that is read line by line. */
interface Source {
  readonly lines: AsyncIterator<string>;
  /** Its next line, and the time of that. */
  line: string;
  time: number;
}

/** The time of a line of phout, in seconds: its first column. */
function timeOf(line: string, file: string): number {
  const time = Number(line.slice(0, line.indexOf('\t')));
  if (Number.isFinite(time) && line.includes('\t')) return time;
  throw new ElpisError(
    'ELPIS_SOURCE',
    `${file}: a line does not begin with a time: ${JSON.stringify(line.slice(0, 60))}`,
    {
      hint: 'merge files of phout',
    },
  );
}

/**
 * The lines of files in the order of their times. Lines of one file stay in their order, so that a line that is late in its file
 * is late in the result; of lines with the same time, those of the first file are first.
 */
export async function* mergedLines(files: readonly string[]): AsyncGenerator<string> {
  const sources: Source[] = [];
  const advance = async (source: Omit<Source, 'line' | 'time'>, file: string): Promise<Source | undefined> => {
    const next = await source.lines.next();
    return next.done === true ? undefined : { lines: source.lines, line: next.value, time: timeOf(next.value, file) };
  };
  const names = new Map<AsyncIterator<string>, string>();
  for (const file of files) {
    const lines = createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })[
      Symbol.asyncIterator
    ]();
    names.set(lines, file);
    const first = await advance({ lines }, file);
    if (first !== undefined) sources.push(first);
  }
  while (sources.length > 0) {
    let earliest = 0;
    for (let i = 1; i < sources.length; i++)
      if ((sources[i] as Source).time < (sources[earliest] as Source).time) earliest = i;
    const source = sources[earliest] as Source;
    yield `${source.line}\n`;
    const next = await advance(source, names.get(source.lines) ?? '');
    if (next === undefined) sources.splice(earliest, 1);
    else sources[earliest] = next;
  }
}

/** `elpis merge`: the phout files of several workers as one, in the order of time. */
export const mergeCommand = command({
  name: 'merge',
  describe: 'merge the phout files of several workers into one, in the order of time',
  options: {
    output: requiredArgument('the file to write; - for standard output'),
    from: list('file', nonEmpty, 'a phout file of a worker'),
  },
  run: async ({ output, from }, io) => {
    if (from.length === 0)
      throw new ElpisError('ELPIS_USAGE', 'no file to merge', { hint: 'add --from p1.log --from p2.log' });
    for (const file of from) {
      if (!existsSync(file)) throw new ElpisError('ELPIS_SOURCE', `there is no file ${file}`);
      if (resolve(file) === resolve(output))
        throw new ElpisError('ELPIS_USAGE', `${file} is read, so it cannot be written`, { hint: 'write another file' });
    }
    if (output === '-') {
      await writeAll(io.stdout as NodeJS.WriteStream, mergedLines(from));
      return EXIT_CODES.ok;
    }
    const file = createWriteStream(output);
    const closed = new Promise<void>((done, failed) => {
      file
        .on('close', done)
        .on('error', (cause) => failed(new ElpisError('ELPIS_SINK', `${output}: ${cause.message}`, { cause })));
    });
    await Promise.all([closed, writeAll(file, mergedLines(from)).finally(() => file.end())]);
    return EXIT_CODES.ok;
  },
});
