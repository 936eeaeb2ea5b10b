import type { Scanner } from './scanner.js';
import { type Expression, HclError, type TemplatePart } from './syntax.js';
import { dedented, partsOf, type Sequence, type Token } from './templateParts.js';

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' };
const UNICODE = /u[\da-fA-F]{4}|U[\da-fA-F]{8}/y;
/** Text up to what means something else. */
const PLAIN_QUOTED = /[^"\\$%\r\n]+/y;
const PLAIN_LINE = /[^$%\n]+/y;
const WORDS = ['if', 'else', 'endif', 'for', 'endfor'];

/** `for a, b in source`, after `for`. */
export function forHead(scanner: Scanner, expression: () => Expression): { names: string[]; source: Expression } {
  const names: string[] = [];
  do {
    const name = scanner.name();
    if (name === undefined) throw scanner.error(`expected a name after for, got ${scanner.found()}`);
    names.push(name);
  } while (names.length < 2 && scanner.take(','));
  if (!scanner.word('in')) throw scanner.error(`expected in, got ${scanner.found()}`, 'write for item in list');
  return { names, source: expression() };
}

class TemplateReader {
  readonly tokens: Token[] = [];
  #text = '';
  #start: number;

  constructor(
    private readonly scanner: Scanner,
    private readonly expression: () => Expression,
  ) {
    this.#start = scanner.at;
  }

  /** Adds text that was read. */
  add(text: string): void {
    this.#text += text;
  }

  /** Ends the text before a sequence, or the line of a heredoc. */
  flush(): void {
    const span = this.scanner.span(this.#start);
    if (this.#text !== '') this.tokens.push({ kind: 'text', text: this.#text, span });
    this.#text = '';
    this.#start = this.scanner.at;
  }

  /** Reads `$` or `%` and what follows: an escape, a sequence, or the character itself. */
  marked(): void {
    const { scanner } = this;
    const mark = scanner.text.charAt(scanner.at);
    if (scanner.text.startsWith(`${mark}${mark}{`, scanner.at)) {
      scanner.at += 3;
      this.add(`${mark}{`);
    } else if (scanner.text.startsWith(`${mark}{`, scanner.at)) {
      this.flush();
      this.#sequence(mark);
      this.#start = scanner.at;
    } else {
      scanner.at++;
      this.add(mark);
    }
  }

  /** Reads a line of a heredoc, with its end. */
  line(): void {
    const { scanner } = this;
    for (let more = true; more && !scanner.ended; ) {
      const plain = scanner.matched(PLAIN_LINE);
      if (plain !== undefined) this.add(plain);
      else if (scanner.text.charAt(scanner.at) === '\n') {
        this.add('\n');
        scanner.at++;
        more = false;
      } else this.marked();
    }
    this.flush();
  }

  #sequence(mark: string): void {
    const { scanner } = this;
    const start = scanner.at;
    scanner.at += 2;
    scanner.within(true, () => {
      const trimBefore = scanner.text.startsWith('~', scanner.at);
      if (trimBefore) scanner.at++;
      const inside: Sequence = mark === '$' ? { kind: 'value', value: this.expression() } : this.#directive(start);
      const trimAfter = scanner.take('~');
      if (!scanner.take('}')) {
        const hint = `close ${mark}{ with }, or write ${mark}${mark}{ for the text`;
        throw scanner.error(`expected } here, got ${scanner.found()}`, hint);
      }
      this.tokens.push({ ...inside, trimBefore, trimAfter, span: scanner.span(start) });
    });
  }

  #directive(start: number): Sequence {
    const { scanner } = this;
    const word = scanner.name();
    if (word === 'if') return { kind: 'if', condition: this.expression() };
    if (word === 'for') return { kind: 'for', ...forHead(scanner, this.expression) };
    if (word === 'else' || word === 'endif' || word === 'endfor') return { kind: word };
    throw new HclError(
      scanner.span(start),
      'this is no directive',
      `expected one of ${WORDS.join(', ')}; write %%{ for the text`,
    );
  }
}

/** Reads text in quotes, after the opening one, up to behind the closing one. */
export function quotedParts(scanner: Scanner, expression: () => Expression): readonly TemplatePart[] {
  const reader = new TemplateReader(scanner, expression);
  const start = scanner.at - 1;
  for (;;) {
    const plain = scanner.matched(PLAIN_QUOTED);
    if (plain !== undefined) reader.add(plain);
    const next = scanner.text.charAt(scanner.at);
    if (next === '"') break;
    if (next === '$' || next === '%') reader.marked();
    else if (next === '\\') reader.add(escaped(scanner));
    else {
      const hint = 'close it with ", and write \\n or a heredoc for text of several lines';
      throw new HclError({ start, end: start + 1 }, 'this text is not closed on its line', hint);
    }
  }
  reader.flush();
  scanner.at++;
  return partsOf(reader.tokens);
}

/** Reads an escape of text in quotes. */
function escaped(scanner: Scanner): string {
  const known = ESCAPES[scanner.text.charAt(scanner.at + 1)];
  if (known !== undefined) {
    scanner.at += 2;
    return known;
  }
  const start = scanner.at++;
  const code = Number.parseInt(scanner.matched(UNICODE)?.slice(1) ?? '', 16);
  if (code <= 0x10ffff) return String.fromCodePoint(code);
  scanner.at = start;
  throw scanner.error(
    'this is no escape sequence',
    'write \\\\ for a backslash; the others are \\n \\r \\t \\" \\uNNNN \\UNNNNNNNN',
    2,
  );
}

const HEREDOC = /<<-?([\p{ID_Start}_][\p{ID_Continue}-]*)\r?\n/uy;

/** Reads a heredoc from `<<` to behind its end marker; the end of that line is left. */
export function heredocParts(scanner: Scanner, expression: () => Expression): readonly TemplatePart[] {
  const start = scanner.at;
  const opening = scanner.matched(HEREDOC);
  if (opening === undefined) {
    throw scanner.error(
      'a heredoc begins with << or <<-, a name, and the end of the line',
      'write <<EOF and a line EOF at its end',
      2,
    );
  }
  const indented = opening.startsWith('<<-');
  const marker = opening.slice(indented ? 3 : 2).trim();
  const reader = new TemplateReader(scanner, expression);
  for (;;) {
    if (scanner.ended) {
      throw new HclError(
        { start, end: start + opening.trimEnd().length },
        `this heredoc has no end`,
        `end it with a line ${marker}`,
      );
    }
    const newline = scanner.text.indexOf('\n', scanner.at);
    const line = scanner.text.slice(scanner.at, newline < 0 ? scanner.text.length : newline);
    if (line.trim() === marker) {
      scanner.at += line.trimEnd().length;
      break;
    }
    reader.line();
  }
  return partsOf(indented ? dedented(reader.tokens) : reader.tokens);
}
