import type { DescMethod } from '@bufbuild/protobuf';
import type { FileDescriptorProto } from '@bufbuild/protobuf/wkt';
import { closest } from '../codec/closest.js';
import { completeFile, typesOf, usedTypes } from './completeFile.js';
import type { ProtobufLibrary } from './library.js';
import { SchemaMethod } from './schemaMethod.js';

/**
 * The files and all that they need, each after those that it needs: its imports, and the files of the types that it names, since some
 * servers leave out imports.
 *
 * @throws Error for an import that is missing.
 */
function inOrder(files: readonly FileDescriptorProto[], { wellKnown }: ProtobufLibrary): FileDescriptorProto[] {
  const all = new Map([...wellKnown.values()].map(({ proto }) => [proto.name, proto]));
  for (const file of files) all.set(file.name, file);
  const owners = new Map([...all.values()].flatMap((file) => typesOf(file).map((type) => [type, file.name] as const)));
  const types = new Set(owners.keys());
  const ordered = new Map<string, FileDescriptorProto>();
  const entered = new Set<string>();
  const add = (name: string, neededBy?: string): void => {
    if (entered.has(name)) return;
    entered.add(name);
    const written = all.get(name);
    if (written === undefined) throw new Error(`${name}, which ${neededBy} imports, is missing`);
    const file = completeFile(written, types);
    for (const each of file.dependency) add(each, name);
    for (const type of usedTypes(file)) add(owners.get(type) ?? name);
    ordered.set(name, file);
  };
  for (const { name } of files) add(name);
  return [...ordered.values()];
}

const methodName = ({ parent, name }: DescMethod): string => `${parent.typeName}.${name}`;

/**
 * The services and messages that a set of descriptors defines.
 *
 * @example
 * declare const schema: Schema;
 * schema.method('helloworld.Greeter.SayHello')?.encode({ name: 'Ann' });
 */
export class Schema {
  readonly #methods: ReadonlyMap<string, SchemaMethod>;

  /** @throws Error for files that contradict each other, or import one that is missing. */
  constructor(library: ProtobufLibrary, files: readonly FileDescriptorProto[]) {
    const { create, createFileRegistry, FileDescriptorSetSchema } = library;
    const registry = createFileRegistry(create(FileDescriptorSetSchema, { file: inOrder(files, library) }));
    const methods = [...registry].flatMap((type) => (type.kind === 'service' ? type.methods : []));
    this.#methods = new Map(
      methods.map((method) => [methodName(method), new SchemaMethod(library, registry, method, methodName(method))]),
    );
  }

  /** The names of all methods, `package.Service.Method`. */
  get methods(): readonly string[] {
    return [...this.#methods.keys()];
  }

  /** The method of that name; `package.Service/Method`, with or without a slash before it, is the same. */
  method(name: string): SchemaMethod | undefined {
    return this.#methods.get(name) ?? this.#methods.get(name.replace(/^\//, '').replace('/', '.'));
  }

  /** A sentence about the names that may have been meant. */
  hintFor(name: string): string {
    const near = closest(name, this.methods);
    if (near !== undefined) return `did you mean ${near}?`;
    const shown = this.methods.slice(0, 5).join(', ');
    const more = this.methods.length > 5 ? ` and ${this.methods.length - 5} more` : '';
    return shown === '' ? 'there are no methods at all' : `the methods are ${shown}${more}`;
  }
}
