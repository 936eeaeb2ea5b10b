import type { DescMessage, DescMethod, JsonValue, Message, Registry } from '@bufbuild/protobuf';
import { describeError } from '../core/errorContext.js';
import type { ExactJsonMap } from '../protocols/exactJson.js';
import { isPartial, type PartialJson } from '../protocols/partialJson.js';
import { jsonForType } from './jsonForType.js';
import type { ProtobufLibrary } from './library.js';
import { MessageFault } from './messageFault.js';
import { messageFaults } from './messageFaults.js';

/** How many messages each side of a method sends. */
export type MethodKind = DescMethod['methodKind'];

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

/** The fault of a message as a whole, such as two fields of a `oneof`. */
function wholeFault(error: unknown): MessageFault {
  if (error instanceof MessageFault) return error;
  return new MessageFault(describeError(error).replace(/^cannot decode (.*?) from JSON: /s, '$1: '));
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

  /** All that does not fit in a request message that may be known in part. Null is the empty message. */
  faults(payload: PartialJson): readonly MessageFault[] {
    return this.#faults(this.method.input, payload ?? {});
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
    try {
      return this.#binary(type, payload);
    } catch (error) {
      throw messageFaults(this.library, this.registry, type, payload)[0] ?? wholeFault(error);
    }
  }

  #binary(type: DescMessage, payload: ExactJsonMap): Uint8Array {
    const { fromJson, toBinary } = this.library;
    const json = jsonForType(payload, type, this.registry) as JsonValue;
    return toBinary(type, fromJson(type, json, { registry: this.registry }));
  }

  #faults(type: DescMessage, payload: PartialJson): readonly MessageFault[] {
    const found = messageFaults(this.library, this.registry, type, payload);
    if (found.length > 0 || isPartial(payload)) return found;
    try {
      this.#binary(type, payload as ExactJsonMap);
      return [];
    } catch (error) {
      return [wholeFault(error)];
    }
  }

  #read(type: DescMessage, bytes: Uint8Array): ReadableMessage {
    return new ReadableMessage(this.library, this.registry, type, this.library.fromBinary(type, bytes));
  }
}
