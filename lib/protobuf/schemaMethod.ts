import type { DescMessage, DescMethod, JsonValue, Message, Registry } from '@bufbuild/protobuf';
import { closest } from '../codec/closest.js';
import { describeError } from '../core/errorContext.js';
import type { ExactJsonMap } from '../protocols/exactJson.js';
import { jsonForType } from './jsonForType.js';
import type { ProtobufLibrary } from './library.js';
import { MessageFault } from './messageFault.js';

/** How many messages each side of a method sends. */
export type MethodKind = DescMethod['methodKind'];

const UNKNOWN_KEY = /cannot decode message ([\w.]+) from JSON: key "(.*)" is unknown/s;

/** A message in the forms in which people read it. */
export class ReadableMessage {
  constructor(
    private readonly library: ProtobufLibrary,
    private readonly registry: Registry,
    private readonly type: DescMessage,
    private readonly message: Message,
  ) {}

  /** The JSON form: names in lowerCamelCase, 64-bit integers as texts, fields with default values absent. */
  get json(): JsonValue {
    return this.library.toJson(this.type, this.message, { registry: this.registry });
  }

  /** The text form in one line, such as `token:"abc" user:{id:7}`. */
  get text(): string {
    return oneLine(this.library.toText(this.type, this.message, { registry: this.registry }));
  }
}

/** A text form of a field per line, in one line. A line break inside a value is escaped. */
function oneLine(text: string): string {
  const fields = text.split('\n').map((line) => line.trim().replace(/^([\w.[\]/]+):? (?=\S)/, '$1:'));
  return fields
    .join(' ')
    .replaceAll(/(^|[:{] ?)\{ /g, '$1{')
    .replaceAll(/ \}(?= |$)/g, '}')
    .trim();
}

/** One method of a service: its path, and its messages in binary, JSON and text form. */
export class SchemaMethod {
  /** The path of its requests, `/package.Service/Method`. */
  readonly path: string;
  readonly kind: MethodKind;

  constructor(
    private readonly library: ProtobufLibrary,
    private readonly registry: Registry,
    private readonly method: DescMethod,
    /** `package.Service.Method`. */
    readonly name: string,
  ) {
    this.path = `/${method.parent.typeName}/${method.name}`;
    this.kind = method.methodKind;
  }

  /**
   * The request message in binary form. Unknown fields are refused.
   *
   * @param payload Null is the empty message.
   * @throws MessageFault for a payload that is no such message.
   */
  encode(payload: ExactJsonMap | null): Uint8Array {
    return this.#encode(this.method.input, payload ?? {});
  }

  /** The response message in binary form, for servers. @throws MessageFault for a payload that is no such message. */
  encodeResponse(payload: ExactJsonMap): Uint8Array {
    return this.#encode(this.method.output, payload);
  }

  /** @throws Error for bytes that are no message of the type of the request. */
  request(bytes: Uint8Array): ReadableMessage {
    return this.#read(this.method.input, bytes);
  }

  /** @throws Error for bytes that are no message of the type of the response. */
  response(bytes: Uint8Array): ReadableMessage {
    return this.#read(this.method.output, bytes);
  }

  #encode(type: DescMessage, payload: ExactJsonMap): Uint8Array {
    const { fromJson, toBinary } = this.library;
    try {
      const json = jsonForType(payload, type, this.registry) as JsonValue;
      return toBinary(type, fromJson(type, json, { registry: this.registry }));
    } catch (error) {
      throw this.#fault(describeError(error));
    }
  }

  #read(type: DescMessage, bytes: Uint8Array): ReadableMessage {
    return new ReadableMessage(this.library, this.registry, type, this.library.fromBinary(type, bytes));
  }

  #fault(problem: string): MessageFault {
    const unknown = UNKNOWN_KEY.exec(problem);
    if (unknown === null) return new MessageFault(problem.replace(/^cannot decode (.*?) from JSON: /s, '$1: '));
    const [, typeName = '', key = ''] = unknown;
    const fields = this.registry.getMessage(typeName)?.fields ?? [];
    const names = fields.map(({ jsonName }) => jsonName);
    const near = closest(key, [...names, ...fields.map(({ name }) => name)]);
    const has = names.length === 0 ? 'it has no fields' : `its fields are ${names.slice(0, 12).join(', ')}`;
    return new MessageFault(
      `message ${typeName} has no field ${JSON.stringify(key)}`,
      near === undefined ? has : `did you mean ${near}?`,
    );
  }
}
