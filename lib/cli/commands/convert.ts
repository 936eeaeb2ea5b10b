import { isLeft } from 'fp-ts/lib/Either.js';
import { codecIssue } from '../../codec/issue.js';
import { ConfigError, drawIssues } from '../../codec/report/configError.js';
import { issuesOf } from '../../codec/report/issues.js';
import { contextOf, pathText } from '../../codec/report/path.js';
import { referencesIn } from '../../config/document.js';
import { convertFile } from '../../scenario/files/convert/convertFile.js';
import { fileScenarios } from '../../scenario/files/fileScenarios.js';
import type { HttpScenarioFile } from '../../scenario/files/model.js';
import { command, requiredArgument } from '../command.js';
import { EXIT_CODES } from '../exitCodes.js';
import { type Io, writeAll } from '../terminal.js';

/** Reads a scenario file over HTTP. @throws ConfigError with everything that is wrong in it. */
function readFile(path: string, { env }: Io): HttpScenarioFile {
  const read = fileScenarios(path, 'http', referencesIn({ env }), {});
  if (!isLeft(read)) return read.right.file;
  const issues = issuesOf(
    'issues' in read.left
      ? read.left.issues
      : [codecIssue(path, contextOf([]), read.left.path.code, read.left.path.expected, read.left.path.hint)],
  );
  throw new ConfigError(drawIssues(issues, { name: path }), issues);
}

async function convert(path: string, io: Io): Promise<number> {
  const file = readFile(path, io);
  const { code, unconverted } = convertFile(file, path);
  await writeAll(io.stdout, [code]);
  if (unconverted.length === 0) return EXIT_CODES.ok;
  for (const { path: way, reason } of unconverted) {
    const place = file.source.place(way, 'value');
    const where = place === undefined ? path : `${path}:${place.line}:${place.column}`;
    io.stderr.write(`${where}  ${pathText(way)}: not converted: ${reason}\n`);
  }
  const count = unconverted.length === 1 ? '1 part is' : `${unconverted.length} parts are`;
  io.stderr.write(`${count} not converted; each is a comment in the code\n`);
  return EXIT_CODES.runFailed;
}

/** `elpis convert`: prints a scenario file as a module of scenarios in code. Nothing is sent. */
export const convertCommand = command({
  name: 'convert',
  describe: 'print a scenario file in HCL or YAML as a scenario in TypeScript',
  options: { file: requiredArgument('scenario file: .hcl, .yaml, .yml or .json') },
  notes: 'What has no like in code is a comment in the output and a line on stderr; the exit code is then 1.',
  run: ({ file }, io) => convert(file, io),
});
