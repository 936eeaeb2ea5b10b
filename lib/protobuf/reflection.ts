import type { FileDescriptorProto } from '@bufbuild/protobuf/wkt';
import { Observable, Subject } from 'rxjs';
import type { ProtobufLibrary } from './library.js';

/** The services of server reflection, newest first. Their messages are the same. */
export const REFLECTION_METHODS = [
  '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo',
  '/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo',
] as const;

/** A call of server reflection: questions in, responses out, in the same order. */
export type ReflectionCall = (requests: Observable<Uint8Array>) => Observable<Uint8Array>;

/** What a server says about itself. */
export interface Reflected {
  /** Files whose imports are among them, or known to everyone. */
  readonly files: readonly FileDescriptorProto[];
  /** Services and files that the server lists and does not describe. */
  readonly missing: readonly string[];
}

/** Fields of the request and the response, by their numbers in reflection.proto. */
const REQUEST = { fileByName: 3, fileContainingSymbol: 4, listServices: 7 } as const;
const RESPONSE = { files: 4, services: 6, error: 7 } as const;
const NOT_FOUND = 5;
/** A server could name ever more imports. */
const MAX_FILES = 20_000;
const DELIMITED = 2;

type Question = { readonly kind: keyof typeof REQUEST; readonly name: string };

function encoded({ BinaryWriter }: ProtobufLibrary, { kind, name }: Question): Uint8Array {
  return new BinaryWriter().tag(REQUEST[kind], DELIMITED).string(name).finish();
}

/** The fields of a message whose wire type is that of texts and messages; the numbers of others. */
function fieldsOf({ BinaryReader }: ProtobufLibrary, bytes: Uint8Array): (readonly [number, Uint8Array | number])[] {
  const reader = new BinaryReader(bytes);
  const fields: (readonly [number, Uint8Array | number])[] = [];
  while (reader.pos < reader.len) {
    const [number, type] = reader.tag();
    if (type === DELIMITED) fields.push([number, reader.bytes()]);
    else if (type === 0) fields.push([number, reader.int32()]);
    else reader.skip(type, number);
  }
  return fields;
}

const bytesOf = (value: Uint8Array | number | undefined): Uint8Array =>
  value instanceof Uint8Array ? value : new Uint8Array(0);
const textOf = (value: Uint8Array | number | undefined): string => Buffer.from(bytesOf(value)).toString('utf8');

/** The files whose imports are all among them. */
function complete(
  files: ReadonlyMap<string, FileDescriptorProto>,
  { wellKnown }: ProtobufLibrary,
): FileDescriptorProto[] {
  let left = [...files.values()];
  for (;;) {
    const names = new Set(left.map(({ name }) => name));
    const kept = left.filter(({ dependency }) => dependency.every((each) => names.has(each) || wellKnown.has(each)));
    if (kept.length === left.length) return kept;
    left = kept;
  }
}

/** The questions to one server and what it has said so far. */
class Reflection {
  readonly files = new Map<string, FileDescriptorProto>();
  readonly missing: string[] = [];
  readonly #asked = new Set<string>();
  /** Questions without a response, oldest first. */
  readonly #open: Question[] = [];

  constructor(
    private readonly library: ProtobufLibrary,
    private readonly requests: Subject<Uint8Array>,
  ) {}

  get done(): boolean {
    return this.#open.length === 0;
  }

  ask(question: Question): void {
    const key = `${question.kind} ${question.name}`;
    if (this.#asked.has(key)) return;
    this.#asked.add(key);
    this.#open.push(question);
    this.requests.next(encoded(this.library, question));
  }

  answered(response: Uint8Array): void {
    const question = this.#open.shift();
    if (question === undefined) throw new Error('a response of server reflection without a question');
    for (const [number, value] of fieldsOf(this.library, response)) {
      if (number === RESPONSE.services) this.#services(bytesOf(value));
      else if (number === RESPONSE.files) this.#files(bytesOf(value));
      else if (number === RESPONSE.error) this.#error(bytesOf(value), question);
    }
  }

  #services(list: Uint8Array): void {
    for (const [, service] of fieldsOf(this.library, list)) {
      const name = textOf(fieldsOf(this.library, bytesOf(service)).find(([number]) => number === 1)?.[1]);
      if (name !== '') this.ask({ kind: 'fileContainingSymbol', name });
    }
  }

  #files(list: Uint8Array): void {
    const { fromBinary, FileDescriptorProtoSchema, wellKnown } = this.library;
    const received = fieldsOf(this.library, list).map(([, bytes]) =>
      fromBinary(FileDescriptorProtoSchema, bytesOf(bytes)),
    );
    for (const file of received) {
      this.files.set(file.name, file);
      if (this.files.size > MAX_FILES) throw new Error(`the server describes over ${MAX_FILES} files`);
    }
    for (const { dependency } of received) {
      for (const name of dependency) {
        if (!this.files.has(name) && !wellKnown.has(name)) this.ask({ kind: 'fileByName', name });
      }
    }
  }

  #error(error: Uint8Array, { kind, name }: Question): void {
    const fields = new Map(fieldsOf(this.library, error));
    if (fields.get(1) !== NOT_FOUND || kind === 'listServices') {
      throw new Error(
        `server reflection fails for ${name}: ${textOf(fields.get(2))} (status ${String(fields.get(1))})`,
      );
    }
    this.missing.push(name);
  }
}

/**
 * Reads the descriptors of all services of a server by its reflection: the list of services, the files that have them, and their
 * imports. Services and imports that the server does not find are left out.
 *
 * @param call One call of {@link REFLECTION_METHODS}.
 */
export function reflected(library: ProtobufLibrary, call: ReflectionCall): Observable<Reflected> {
  return new Observable((subscriber) => {
    const requests = new Subject<Uint8Array>();
    const reflection = new Reflection(library, requests);
    const subscription = call(
      new Observable((sent) => {
        const sending = requests.subscribe(sent);
        reflection.ask({ kind: 'listServices', name: '*' });
        return sending;
      }),
    ).subscribe({
      next: (response) => {
        try {
          reflection.answered(response);
        } catch (error) {
          subscriber.error(error);
          return;
        }
        if (!reflection.done) return;
        subscriber.next({ files: complete(reflection.files, library), missing: reflection.missing });
        subscriber.complete();
      },
      error: (error: unknown) => subscriber.error(error),
      complete: () => subscriber.error(new Error('the server ended its reflection early')),
    });
    return subscription;
  });
}
