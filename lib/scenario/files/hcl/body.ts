import { ExpressionReader } from './expressions.js';
import { Scanner } from './scanner.js';
import { type Attribute, type Block, type Body, HclError } from './syntax.js';

const TEXT_LABEL = /"[^"\\\r\n]*"/y;

class BodyReader {
  readonly #expressions: ExpressionReader;

  constructor(private readonly scanner: Scanner) {
    this.#expressions = new ExpressionReader(scanner);
  }

  /** Reads up to the end of the file. */
  file(): Body {
    const { scanner } = this;
    const body = this.#items(() => scanner.ended);
    return { ...body, span: { start: 0, end: scanner.text.length } };
  }

  #items(ended: () => boolean): Omit<Body, 'span'> {
    const { scanner } = this;
    const attributes: Attribute[] = [];
    const blocks: Block[] = [];
    for (;;) {
      scanner.skipLines();
      if (ended()) return { attributes, blocks };
      const item = this.#item();
      if ('value' in item) attributes.push(item);
      else blocks.push(item);
      if (!scanner.newline() && !scanner.ended) {
        const hint = 'each attribute and each block is on a line of its own; attributes are not separated by commas';
        throw scanner.error(`expected the end of the line, got ${scanner.found()}`, hint);
      }
    }
  }

  #item(): Attribute | Block {
    const { scanner } = this;
    const start = scanner.at;
    const name = scanner.name();
    if (name === undefined) {
      const hint = 'an attribute is written name = value, a block name "label" { ... }';
      throw scanner.error(`expected an attribute or a block, got ${scanner.found()}`, hint);
    }
    const span = scanner.span(start);
    if (scanner.sees('==')) throw scanner.error('an attribute is set by one =', 'write name = value', 2);
    if (scanner.take('=')) return { name, nameSpan: span, value: this.#expressions.read() };
    return scanner.nested(() => this.#block(name, span));
  }

  #block(type: string, typeSpan: Attribute['nameSpan']): Block {
    const { scanner } = this;
    const labels: { text: string; span: Attribute['nameSpan'] }[] = [];
    while (!scanner.take('{')) {
      const start = scanner.at;
      const quoted = scanner.matched(TEXT_LABEL);
      const text = quoted === undefined ? scanner.name() : quoted.slice(1, -1);
      if (text === undefined) {
        const hint = `an attribute is written ${type} = value, a block ${type} "label" { ... }`;
        throw scanner.error(`expected = or { after ${type}, got ${scanner.found()}`, hint);
      }
      labels.push({ text, span: scanner.span(start) });
    }
    const body = this.#inBraces(typeSpan.start);
    return { type, typeSpan, labels, body };
  }

  /** After `{`: one attribute on the same line, or items on lines of their own. */
  #inBraces(start: number): Body {
    const { scanner } = this;
    const open = scanner.at - 1;
    if (!scanner.newline() && !scanner.sees('}')) {
      const item = this.#item();
      if (!('value' in item)) {
        throw new HclError(
          item.typeSpan,
          'a block inside a block begins on a line of its own',
          'put it on the next line',
        );
      }
      scanner.expect('}', 'a block on one line has one attribute; put several on lines of their own');
      return { attributes: [item], blocks: [], span: scanner.span(start) };
    }
    const body = this.#items(() => {
      if (scanner.ended)
        throw new HclError({ start: open, end: open + 1 }, 'this block is not closed', 'close it with }');
      return scanner.take('}');
    });
    return { ...body, span: scanner.span(start) };
  }
}

/**
 * Reads a file in HCL 2, native syntax.
 *
 * @throws HclError at the first mistake in the syntax.
 */
export function parseHcl(text: string): Body {
  return new BodyReader(new Scanner(text)).file();
}
