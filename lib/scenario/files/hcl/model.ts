import { closest } from '../../../codec/closest.js';
import { type CodecIssue, codecIssue, type IssueCode } from '../../../codec/issue.js';
import { contextOf, type Path } from '../../../codec/report/path.js';
import type { AttributeSpec, AttributeType, BlockSpec } from './blocks.js';
import { Evaluator } from './evaluate.js';
import { type Attribute, type Block, type Body, HclError, type Span } from './syntax.js';
import { flagIn, type HclMap, type HclValue, mapValue, numberIn, textOf } from './value.js';

/** A value of the model and where it is written. */
export interface ModelNode {
  readonly value: unknown;
  readonly at: Span;
  readonly keyAt: Span;
  /** What is in it, by key or index. */
  readonly inside: ReadonlyMap<string | number, ModelNode>;
}

/** An issue before its span is a line and a column. */
export interface SpannedIssue {
  readonly issue: CodecIssue;
  readonly span: Span;
}

/** The most issues of one file: the first ones say what is wrong. */
const MAX_ISSUES = 100;

/** A single value as one of a type, if it can be converted. */
function converted(value: HclValue, type: AttributeType): string | number | boolean | undefined {
  if (type === 'number') {
    const number = numberIn(value);
    return number === undefined ? undefined : Number(number);
  }
  return type === 'flag' ? flagIn(value) : textOf(value);
}

/** A value as it stands, with all that is in it; what has the wrong type is left to who reads the model. */
function plain(value: HclValue, type: AttributeType, keyAt: Span = value.at): ModelNode {
  const { at } = value;
  if (value.type === 'list') {
    const items = value.value.map((item) => plain(item, type === 'texts' ? 'text' : type));
    return { value: items.map((item) => item.value), at, keyAt, inside: new Map(items.entries()) };
  }
  if (value.type === 'map') {
    const entries = [...value.value].map(([key, entry]): [string, ModelNode] => [
      key,
      plain(entry.value, type === 'textMap' ? 'text' : type, entry.keyAt),
    ]);
    return {
      value: Object.fromEntries(entries.map(([key, node]) => [key, node.value])),
      at,
      keyAt,
      inside: new Map(entries),
    };
  }
  // A text where a list or a map should be stays what it is, so that it is refused.
  const single = type === 'texts' || type === 'textMap' ? undefined : converted(value, type);
  return { value: single ?? value.value, at, keyAt, inside: new Map() };
}

/** The model of a file in HCL, as its like in YAML has it, with everything that is wrong. */
export class ModelReader {
  readonly issues: SpannedIssue[] = [];
  readonly #evaluator = new Evaluator();
  #scope: ReadonlyMap<string, HclValue> = new Map();

  read(file: Body, spec: BlockSpec): ModelNode {
    const local = file.blocks
      .filter(({ type }) => type === 'locals')
      .reduce((before, block) => this.#locals(before, block), mapValue(new Map(), file.span));
    this.#scope = new Map([['local', local]]);
    const rest = { ...file, blocks: file.blocks.filter(({ type }) => type !== 'locals') };
    return this.#body(rest, spec, [], { start: 0, end: 1 });
  }

  /** The locals of a block, which sees those before it, added to them. */
  #locals(before: HclMap, { body, labels }: Block): HclMap {
    for (const { span } of labels) this.#refuse([], span, 'a block of locals has no label', 'bad-value');
    for (const { typeSpan } of body.blocks)
      this.#refuse([], typeSpan, 'locals has no blocks', 'unknown-key', 'write name = value');
    const scope = new Map([['local', before]]);
    const entries = new Map(before.value);
    for (const { name, nameSpan, value } of this.#once(body.attributes, [])) {
      const made = this.#valueOf(value, scope, ['locals', name]);
      if (made !== undefined) entries.set(name, { keyAt: nameSpan, value: made });
    }
    return this.#guarded(['locals'], () => mapValue(entries, body.span)) ?? before;
  }

  #body(
    { attributes, blocks }: Body,
    spec: BlockSpec,
    path: Path,
    at: Span,
    labels?: ReadonlyMap<string, ModelNode>,
  ): ModelNode {
    const inside = new Map<string, ModelNode>(labels);
    for (const attribute of this.#once(attributes, path)) {
      const known = Object.hasOwn(spec.attributes, attribute.name) ? spec.attributes[attribute.name] : undefined;
      if (known === undefined) this.#unknown(attribute.name, attribute.nameSpan, spec, path);
      else this.#attribute(attribute, known, path, inside);
    }
    for (const [name, { required }] of Object.entries(spec.attributes)) {
      if (required !== true || attributes.some((attribute) => attribute.name === name)) continue;
      this.#refuse(
        [...path, name],
        at,
        `missing; expected ${name} = ...`,
        'required',
        'files in HCL need it; write an empty value for none',
      );
    }
    for (const [key, nodes] of this.#blocks(blocks, spec, path)) inside.set(key, nodes);
    const value = Object.fromEntries([...inside].map(([key, node]) => [key, node.value]));
    return { value, at, keyAt: at, inside };
  }

  #attribute(
    { name, nameSpan, value }: Attribute,
    { type }: AttributeSpec,
    path: Path,
    inside: Map<string, ModelNode>,
  ): void {
    const at = [...path, name];
    const made = this.#valueOf(value, this.#scope, at);
    if (made === undefined) return;
    // Null is the same as an attribute that is not written.
    if (made.type !== 'null') inside.set(name, plain(made, type, nameSpan));
  }

  #blocks(blocks: readonly Block[], spec: BlockSpec, path: Path): ReadonlyMap<string, ModelNode> {
    const lists = new Map<string, ModelNode[]>();
    const single = new Map<string, ModelNode>();
    for (const block of blocks) {
      const { type, typeSpan, body } = block;
      const known = Object.hasOwn(spec.blocks, type) ? spec.blocks[type] : undefined;
      if (known === undefined) {
        this.#unknown(type, typeSpan, spec, path);
        continue;
      }
      const { key, repeated } = known;
      const list = lists.get(key) ?? [];
      const at = repeated ? [...path, key, list.length] : [...path, key];
      if (!repeated && single.has(key)) {
        this.#refuse(at, typeSpan, `there is already a block ${type}`, 'duplicate-key', 'remove one of them');
        continue;
      }
      const node = this.#body(body, known, at, typeSpan, this.#labels(block, known, at));
      if (repeated) lists.set(key, [...list, node]);
      else single.set(key, node);
    }
    for (const [key, nodes] of lists) {
      const [{ at }] = nodes as [ModelNode];
      single.set(key, { value: nodes.map(({ value }) => value), at, keyAt: at, inside: new Map(nodes.entries()) });
    }
    return single;
  }

  #labels({ type, typeSpan, labels }: Block, spec: BlockSpec, path: Path): ReadonlyMap<string, ModelNode> {
    if (labels.length !== spec.labels.length) {
      const form = [type, ...spec.labels.map((label) => `"${label.toUpperCase()}"`)].join(' ');
      const labelsOf = (count: number): string => `${count === 0 ? 'no' : count} label${count === 1 ? '' : 's'}`;
      this.#refuse(
        path,
        typeSpan,
        `the block ${type} has ${labelsOf(labels.length)}; expected ${labelsOf(spec.labels.length)}`,
        'bad-value',
        `write ${form} { ... }`,
      );
    }
    return new Map(
      spec.labels.flatMap((key, i): [string, ModelNode][] => {
        const label = labels[i];
        if (label === undefined) return [];
        return [[key, { value: label.text, at: label.span, keyAt: label.span, inside: new Map() }]];
      }),
    );
  }

  /** The attributes of a body, each name once. */
  #once(attributes: readonly Attribute[], path: Path): readonly Attribute[] {
    const seen = new Set<string>();
    return attributes.filter(({ name, nameSpan }) => {
      if (!seen.has(name)) {
        seen.add(name);
        return true;
      }
      this.#refuse(
        [...path, name],
        nameSpan,
        `${name} is already set in the same block`,
        'duplicate-key',
        'remove one of them',
      );
      return false;
    });
  }

  #valueOf(value: Attribute['value'], scope: ReadonlyMap<string, HclValue>, path: Path): HclValue | undefined {
    if (this.#evaluator.exhausted) return undefined;
    return this.#guarded(path, () => {
      const made = this.#evaluator.valueOf(value, scope);
      this.#evaluator.spend(made.size, value.span);
      return made;
    });
  }

  #guarded<T>(path: Path, make: () => T): T | undefined {
    try {
      return make();
    } catch (error) {
      if (!(error instanceof HclError)) throw error;
      this.#refuse(path, error.span, error.message, 'bad-value', error.hint);
      return undefined;
    }
  }

  #unknown(name: string, span: Span, { attributes, blocks }: BlockSpec, path: Path): void {
    // Each takes a search for the nearest name.
    if (this.issues.length >= MAX_ISSUES) return;
    const known = [...Object.keys(attributes), ...Object.keys(blocks), ...(path.length === 0 ? ['locals'] : [])];
    const near = closest(name, known);
    const list = known.length === 0 ? 'nothing here' : `one of ${known.join(', ')}`;
    this.#refuse(
      [...path, name],
      span,
      `unknown attribute or block; expected ${list}`,
      'unknown-key',
      near === undefined ? undefined : `did you mean ${near}?`,
    );
  }

  #refuse(path: Path, span: Span, message: string, code: IssueCode, hint?: string): void {
    if (this.issues.length >= MAX_ISSUES) return;
    const issue = { ...codecIssue(undefined, contextOf(path), code, message, hint), message };
    this.issues.push({ issue, span });
  }
}
