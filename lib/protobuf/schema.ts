import type { DescMethod } from '@bufbuild/protobuf';
import type { FileDescriptorProto } from '@bufbuild/protobuf/wkt';
import { closest } from '../codec/closest.js';
import { completeFile } from './completeFile.js';
import type { ProtobufLibrary } from './library.js';
import { SchemaMethod } from './schemaMethod.js';

/** The files and all that they import, each after its imports. @throws Error for an import that is missing. */
function inOrder(files: readonly FileDescriptorProto[], { wellKnown }: ProtobufLibrary): FileDescriptorProto[] {
  const byName = new Map(files.map((file) => [file.name, file]));
  const ordered = new Map<string, FileDescriptorProto>();
  const entered = new Set<string>();
  const add = (name: string, importedBy?: string): void => {
    if (entered.has(name)) return;
    entered.add(name);
    const file = byName.get(name) ?? wellKnown.get(name)?.proto;
    if (file === undefined) throw new Error(`${name}, which ${importedBy} imports, is missing`);
    for (const imported of file.dependency) add(imported, name);
    ordered.set(name, completeFile(file));
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
