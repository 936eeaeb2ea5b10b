import { ElpisError } from '../../core/errors.js';
import { fileBytes } from './fileBytes.js';

const NEWLINE = 10;
const LONGEST = 1024 * 1024;

/**
 * Shows every line of a file that is not blank, with its number, from 1. Bytes are characters, which is right for what is
 * ASCII in them.
 *
 * @throws ElpisError `ELPIS_SOURCE` when the file can't be read or a line is longer than 1 MiB.
 */
export function eachLine(file: string, visit: (line: string, number: number) => void): void {
  let number = 0;
  let rest: Buffer = Buffer.alloc(0);
  const show = (line: string): void => {
    number++;
    const text = line.endsWith('\r') ? line.slice(0, -1) : line;
    if (text.trim() !== '') visit(text, number);
  };
  for (const chunk of fileBytes(file)) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      show(bytes.toString('latin1', start, end));
      start = end + 1;
    }
    rest = bytes.subarray(start);
    if (rest.length > LONGEST) {
      const message = `${file}:${number + 1}: a line is longer than 1 MiB; expected lines of text with a time in each`;
      throw new ElpisError('ELPIS_SOURCE', message);
    }
  }
  if (rest.length > 0) show(rest.toString('latin1'));
}
