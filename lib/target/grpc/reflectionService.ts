import type { FileDescriptorProto } from '@bufbuild/protobuf/wkt';
import type { ProtobufLibrary } from '../../protobuf/library.js';
import { REFLECTION_METHODS } from '../../protobuf/reflection.js';

const NOT_FOUND = 5;
const DELIMITED = 2;
/** Fields of the request and the response, by their numbers in reflection.proto. */
const REQUEST = { fileByName: 3, fileContainingSymbol: 4, listServices: 7 } as const;

/** The server of grpc.reflection.v1 and v1alpha for some files. */
export class ReflectionService {
  readonly #library: ProtobufLibrary;
  readonly #files: ReadonlyMap<string, Uint8Array>;
  readonly #symbols: ReadonlyMap<string, string>;
  readonly #services: readonly string[];

  constructor(library: ProtobufLibrary, files: readonly FileDescriptorProto[]) {
    this.#library = library;
    const { toBinary, FileDescriptorProtoSchema } = library;
    this.#files = new Map(files.map((file) => [file.name, toBinary(FileDescriptorProtoSchema, file)]));
    const services = files.flatMap((file) =>
      file.service.map(({ name }) => [`${file.package}.${name}`, file.name] as const),
    );
    const messages = files.flatMap((file) =>
      file.messageType.map(({ name }) => [`${file.package}.${name}`, file.name] as const),
    );
    this.#services = services.map(([name]) => name);
    this.#symbols = new Map([...services, ...messages]);
  }

  /** True for the path of a method of reflection. */
  has(path: string): boolean {
    return (REFLECTION_METHODS as readonly string[]).includes(path);
  }

  /** The response to a question. */
  answer(request: Uint8Array): Uint8Array {
    const { BinaryReader, BinaryWriter } = this.#library;
    const reader = new BinaryReader(request);
    let answer = this.#error('the question is unknown');
    while (reader.pos < reader.len) {
      const [field, type] = reader.tag();
      if (type !== DELIMITED) reader.skip(type, field);
      else answer = this.#answerTo(field, reader.string());
    }
    return new BinaryWriter().tag(2, DELIMITED).bytes(request).raw(answer).finish();
  }

  #answerTo(field: number, name: string): Uint8Array {
    if (field === REQUEST.listServices) return this.#list();
    const symbol = this.#symbols.get(name) ?? this.#symbols.get(name.replace(/\.[^.]*$/, ''));
    const file = field === REQUEST.fileContainingSymbol ? symbol : field === REQUEST.fileByName ? name : undefined;
    const bytes = file === undefined ? undefined : this.#files.get(file);
    if (bytes === undefined) return this.#error(`${name} is unknown`);
    const { BinaryWriter } = this.#library;
    return new BinaryWriter().tag(4, DELIMITED).fork().tag(1, DELIMITED).bytes(bytes).join().finish();
  }

  #list(): Uint8Array {
    const writer = new this.#library.BinaryWriter().tag(6, DELIMITED).fork();
    for (const name of this.#services) writer.tag(1, DELIMITED).fork().tag(1, DELIMITED).string(name).join();
    return writer.join().finish();
  }

  #error(text: string): Uint8Array {
    const writer = new this.#library.BinaryWriter().tag(7, DELIMITED).fork();
    return writer.tag(1, 0).int32(NOT_FOUND).tag(2, DELIMITED).string(text).join().finish();
  }
}
