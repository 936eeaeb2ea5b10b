import * as t from 'io-ts';
import { listOf, mapOf } from '../../codec/collections.js';
import type { Codec } from '../../codec/issue.js';
import { flag, integer, oneOf, unsigned } from '../../codec/scalars.js';
import { optional, required, type StructOf, struct } from '../../codec/struct.js';
import { anyValues, typed, word } from './typedParts.js';

const texts = listOf(word);
const textMap = mapOf(word);
const NO_TEXTS: readonly string[] = [];
const NO_MAP: Readonly<Record<string, string>> = {};
const none = <T>(): T | undefined => undefined;

const name = optional(word, '', 'its name');

const variableSource = typed('a variable source', {
  'file/csv': struct('file/csv source', {
    name,
    file: required(word, 'the file, relative to the working directory'),
    fields: optional(texts, NO_TEXTS, 'the names of the columns; by default those of the first row'),
    ignoreFirstLine: optional(flag, false, 'the first row is no data', 'ignore_first_line'),
    delimiter: optional(word, '', 'what separates columns; by default a comma'),
  }),
  'file/json': struct('file/json source', {
    name,
    file: required(word, 'the file, relative to the working directory'),
  }),
  variables: struct('variables source', { name, variables: optional(anyValues, {}, 'the values, by name') }),
});

const extracting = (what: string, value: string) =>
  struct(what, { mapping: optional(textMap, NO_MAP, `variables, by name: ${value}`) });

const size = struct('size', {
  val: required(unsigned, 'bytes'),
  op: required(oneOf(['eq', '=', 'lt', '<', 'gt', '>']), 'how it is compared'),
});

const httpPostprocessor = typed('a postprocessor', {
  'var/jsonpath': extracting('var/jsonpath', 'a JSONPath'),
  'var/xpath': extracting('var/xpath', 'an XPath'),
  'var/header': extracting('var/header', 'a header and modifiers'),
  'assert/response': struct('assert/response', {
    body: optional(texts, NO_TEXTS, 'parts of the body'),
    headers: optional(textMap, NO_MAP, 'parts of headers, by name'),
    statusCode: optional(integer, 0, 'the status; 0 for any', 'status_code'),
    size: optional(size, none<StructOf<typeof size.fields>>(), 'the size of the body'),
  }),
});

const grpcPostprocessor = typed('a postprocessor', {
  'assert/response': struct('assert/response', {
    payload: optional(texts, NO_TEXTS, 'parts of the response'),
    statusCode: optional(integer, 0, 'the status; 0 for any', 'status_code'),
  }),
});

const mapping = struct('preprocessor', {
  mapping: optional(textMap, NO_MAP, 'variables, by name: a path or a function'),
});
const templater = struct('templater', { type: optional(oneOf(['text', 'html']), 'text', 'text or html') });

const request = struct('request', {
  name,
  method: optional(word, '', 'the method; GET when it is empty'),
  uri: optional(word, '', 'the path or URL, a template'),
  headers: optional(textMap, NO_MAP, 'header values by name, templates'),
  body: optional(word, none<string>(), 'the body, a template'),
  tag: optional(word, '', 'without effect'),
  preprocessor: optional(mapping, none<StructOf<typeof mapping.fields>>(), 'variables before the request'),
  postprocessors: optional(listOf(httpPostprocessor), [], 'variables and checks of the response'),
  templater: optional(templater, { type: 'text' }, 'the engine of its templates'),
});

const call = struct('call', {
  name,
  call: optional(word, '', 'the method, package.Service.Method'),
  payload: optional(word, '', 'the message in JSON, a template'),
  metadata: optional(textMap, NO_MAP, 'metadata by name, templates'),
  tag: optional(word, '', 'the tag of its samples'),
  preprocessors: optional(listOf(typed('a preprocessor', { prepare: mapping })), [], 'variables before the call'),
  postprocessors: optional(listOf(grpcPostprocessor), [], 'checks of the response'),
});

const scenario = struct('scenario', {
  name,
  requests: optional(texts, NO_TEXTS, 'its requests in order, such as order(3, 100) and sleep(50)'),
  weight: optional(integer, 0, 'how often it is played, relative to the others'),
  minWaitingTime: optional(integer, 0, 'milliseconds that it takes at least', 'min_waiting_time'),
});

const ignored: Codec<unknown> = new t.Type('anything', (_raw): _raw is unknown => true, t.success, t.identity);

/** The keys of a scenario file, as in YAML. */
export const scenarioFileCodec = struct('scenario file', {
  locals: optional(ignored, none(), 'ignored: a place for anchors'),
  variableSources: optional(listOf(variableSource), [], 'where data comes from', 'variable_sources'),
  requests: optional(listOf(request), [], 'the requests over HTTP'),
  calls: optional(listOf(call), [], 'the calls over gRPC'),
  scenarios: optional(listOf(scenario), [], 'the scenarios'),
});

/** A scenario file, decoded key by key; names are not resolved yet. */
export type DecodedFile = StructOf<typeof scenarioFileCodec.fields>;
