import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { extname } from 'node:path';
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js';
import { type CodecIssue, codecIssue, type Issue, type IssueReason } from '../../codec/issue.js';
import { contextOf } from '../../codec/report/path.js';
import { type ParsedDocument, yamlDocument } from '../../codec/text/yaml.js';
import { describeError } from '../../core/errorContext.js';
import type { Bytes } from '../../core/units.js';
import { hclDocument } from './hcl/hclDocument.js';

/** The largest scenario file. */
const MAX_BYTES: Bytes = 16 * 1024 * 1024;

/** The readers of scenario files, by the extension of their names. */
const READERS: Readonly<Record<string, (name: string, text: string) => ParsedDocument>> = {
  '.hcl': hclDocument,
  '.yaml': yaml,
  '.yml': yaml,
  '.json': yaml,
};

/** What JSON there is, YAML includes. */
function yaml(name: string, text: string): ParsedDocument {
  const read = yamlDocument(name, text, { legacy: true });
  if (!isLeft(read)) return read.right;
  return { name, text, written: undefined, place: () => undefined, issues: read.left.issues.map(placed) };
}

/** An issue that has its place already. */
function placed({ code, expected, hint, message, severity, line, column, length }: Issue): CodecIssue {
  const issue: CodecIssue = { ...codecIssue(undefined, contextOf([]), code, expected, hint), message, severity };
  return line === undefined || column === undefined ? issue : { ...issue, at: { line, column, length: length ?? 1 } };
}

/** The bytes of a regular file of bounded size: a device or a pipe may never end. */
function bytesOf(path: string): Buffer {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const about = fstatSync(file);
    if (!about.isFile()) throw new Error('it is not a regular file');
    if (about.size > MAX_BYTES) throw new Error(`it is larger than ${MAX_BYTES} bytes`);
    // A file that grows meanwhile is read up to the size that it had.
    const bytes = Buffer.alloc(about.size);
    let size = 0;
    for (let more = 1; more > 0 && size < bytes.length; size += more)
      more = readSync(file, bytes, size, bytes.length - size, null);
    return bytes.subarray(0, size);
  } finally {
    closeSync(file);
  }
}

function textOf(path: string): Either<IssueReason, string> {
  try {
    return right(new TextDecoder('utf-8', { fatal: true }).decode(bytesOf(path)));
  } catch (error) {
    const { code } = Object(error) as { readonly code?: string };
    if (code === 'ENOENT') {
      const hint = 'a relative path starts at the working directory, not at the config';
      return left({ code: 'missing-file', expected: 'the path of an existing file', hint });
    }
    const hint = code === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? 'it is not in UTF-8' : describeError(error);
    return left({ code: 'missing-file', expected: 'a file that can be read', hint });
  }
}

/**
 * Reads the text of a scenario file, by the extension of its name: HCL, or YAML, which includes JSON.
 *
 * @returns What is wrong with the path; or the values as written, with what is wrong in the file.
 */
export function readScenarioText(path: string): Either<IssueReason, ParsedDocument> {
  const read = READERS[extname(path).toLowerCase()];
  if (read === undefined) {
    const expected = `a scenario file, whose name ends with one of ${Object.keys(READERS).join(', ')}`;
    return left({ code: 'bad-value', expected, hint: 'the end of the name says how the file is written' });
  }
  const text = textOf(path);
  return isLeft(text) ? text : right(read(path, text.right));
}
