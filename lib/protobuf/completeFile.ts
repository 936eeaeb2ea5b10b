import type {
  DescriptorProto,
  FieldDescriptorProto,
  FileDescriptorProto,
  ServiceDescriptorProto,
} from '@bufbuild/protobuf/wkt';

/** The name of a field in JSON, as protoc makes it: an underscore is left out and the letter after it is a capital. */
export function jsonNameOf(name: string): string {
  return name.replaceAll(/_+([a-z])?/g, (_all, letter?: string) => letter?.toUpperCase() ?? '');
}

const within = (scope: string, name: string): string => (scope === '' ? name : `${scope}.${name}`);

/**
 * The full name of a type that is written relative to a scope: the innermost that exists.
 *
 * @param exists Whether a full name is that of a type.
 * @returns undefined when there is none.
 */
export function nameInScope(name: string, scope: string, exists: (full: string) => boolean): string | undefined {
  for (let around = scope; ; around = around.replace(/\.?[^.]*$/, '')) {
    const full = within(around, name);
    if (exists(full)) return full;
    if (around === '') return undefined;
  }
}

/** The full names of all messages and enums of a file. */
export function typesOf({ package: scope, messageType, enumType }: FileDescriptorProto): string[] {
  const ofMessage = (message: DescriptorProto, outside: string): string[] => {
    const name = within(outside, message.name);
    const enums = message.enumType.map((each) => within(name, each.name));
    return [name, ...enums, ...message.nestedType.flatMap((nested) => ofMessage(nested, name))];
  };
  return [
    ...messageType.flatMap((message) => ofMessage(message, scope)),
    ...enumType.map(({ name }) => within(scope, name)),
  ];
}

/** The full names of the types that a complete file names. */
export function usedTypes({ messageType, extension, service }: FileDescriptorProto): ReadonlySet<string> {
  const ofMessage = (message: DescriptorProto): string[] => [
    ...message.field.map(({ typeName }) => typeName),
    ...message.nestedType.flatMap(ofMessage),
  ];
  const names = [
    ...messageType.flatMap(ofMessage),
    ...extension.flatMap(({ typeName, extendee }) => [typeName, extendee]),
    ...service.flatMap(({ method }) => method.flatMap(({ inputType, outputType }) => [inputType, outputType])),
  ];
  return new Set(names.map((name) => name.replace(/^\./, '')));
}

/**
 * The same file in which every field has its name in JSON, and names of types are absolute. Descriptors of protoc have both; some
 * servers leave out what follows from the rest.
 *
 * @param types The full names of all types that the file may use.
 */
export function completeFile(file: FileDescriptorProto, types: ReadonlySet<string>): FileDescriptorProto {
  const absolute = (name: string, scope: string): string => {
    if (name === '' || name.startsWith('.')) return name;
    return `.${nameInScope(name, scope, (full) => types.has(full)) ?? name}`;
  };
  const field = (each: FieldDescriptorProto, scope: string): FieldDescriptorProto => ({
    ...each,
    jsonName: each.jsonName === '' ? jsonNameOf(each.name) : each.jsonName,
    typeName: absolute(each.typeName, scope),
    extendee: absolute(each.extendee, scope),
  });
  const message = (each: DescriptorProto, outside: string): DescriptorProto => {
    const scope = within(outside, each.name);
    return {
      ...each,
      field: each.field.map((one) => field(one, scope)),
      extension: each.extension.map((one) => field(one, scope)),
      nestedType: each.nestedType.map((one) => message(one, scope)),
    };
  };
  const service = (each: ServiceDescriptorProto, scope: string): ServiceDescriptorProto => ({
    ...each,
    method: each.method.map((method) => ({
      ...method,
      inputType: absolute(method.inputType, within(scope, each.name)),
      outputType: absolute(method.outputType, within(scope, each.name)),
    })),
  });
  return {
    ...file,
    messageType: file.messageType.map((each) => message(each, file.package)),
    extension: file.extension.map((each) => field(each, file.package)),
    service: file.service.map((each) => service(each, file.package)),
  };
}
