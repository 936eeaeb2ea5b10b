/** The type of an attribute of a block: single values are converted to it, as HCL does. */
export type AttributeType = 'text' | 'number' | 'flag' | 'texts' | 'textMap';

/** An attribute of a block of a scenario file. */
export interface AttributeSpec {
  readonly type: AttributeType;
  readonly required?: true;
}

/** A block of a scenario file, and the part of the model that it becomes. */
export interface BlockSpec {
  /** The key of the model; a block that may be repeated becomes an item of a list. */
  readonly key: string;
  readonly repeated: boolean;
  /** The keys that its labels become, in order. */
  readonly labels: readonly string[];
  readonly attributes: Readonly<Record<string, AttributeSpec>>;
  readonly blocks: Readonly<Record<string, BlockSpec>>;
}

const text: AttributeSpec = { type: 'text' };
const number: AttributeSpec = { type: 'number' };
const texts: AttributeSpec = { type: 'texts' };
const textMap: AttributeSpec = { type: 'textMap' };
const required = (spec: AttributeSpec): AttributeSpec => ({ ...spec, required: true });

const size: BlockSpec = {
  key: 'size',
  repeated: false,
  labels: [],
  attributes: { val: number, op: text },
  blocks: {},
};

const postprocessor = (attributes: BlockSpec['attributes'], blocks: BlockSpec['blocks']): BlockSpec => ({
  key: 'postprocessors',
  repeated: true,
  labels: ['type'],
  attributes,
  blocks,
});

const variableSource: BlockSpec = {
  key: 'variable_sources',
  repeated: true,
  labels: ['name', 'type'],
  attributes: { file: text, fields: texts, ignore_first_line: { type: 'flag' }, delimiter: text, variables: textMap },
  blocks: {},
};

const request: BlockSpec = {
  key: 'requests',
  repeated: true,
  labels: ['name'],
  attributes: { method: required(text), uri: required(text), headers: required(textMap), body: text, tag: text },
  blocks: {
    preprocessor: {
      key: 'preprocessor',
      repeated: false,
      labels: [],
      attributes: { mapping: required(textMap) },
      blocks: {},
    },
    postprocessor: postprocessor({ mapping: textMap, headers: textMap, body: texts, status_code: number }, { size }),
    templater: { key: 'templater', repeated: false, labels: [], attributes: { type: text }, blocks: {} },
  },
};

const call: BlockSpec = {
  key: 'calls',
  repeated: true,
  labels: ['name'],
  attributes: { call: required(text), payload: required(text), metadata: textMap, tag: text },
  blocks: {
    preprocessor: {
      key: 'preprocessors',
      repeated: true,
      labels: ['type'],
      attributes: { mapping: required(textMap) },
      blocks: {},
    },
    postprocessor: postprocessor({ payload: texts, status_code: number }, {}),
  },
};

const scenario: BlockSpec = {
  key: 'scenarios',
  repeated: true,
  labels: ['name'],
  attributes: { requests: required(texts), weight: number, min_waiting_time: number },
  blocks: {},
};

/** A scenario file in HCL: what may be in it besides blocks of `locals`. */
export const SCENARIO_FILE: BlockSpec = {
  key: '',
  repeated: false,
  labels: [],
  attributes: {},
  blocks: { variable_source: variableSource, request, call, scenario },
};
