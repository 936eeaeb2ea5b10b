import type { DescriptorProto, FieldDescriptorProto, FileDescriptorProto } from '@bufbuild/protobuf/wkt';

/** The name of a field in JSON, as protoc makes it: an underscore is left out and the letter after it is a capital. */
export function jsonNameOf(name: string): string {
  return name.replaceAll(/_+([a-z])?/g, (_all, letter?: string) => letter?.toUpperCase() ?? '');
}

function completeField(field: FieldDescriptorProto): FieldDescriptorProto {
  return field.jsonName === '' ? { ...field, jsonName: jsonNameOf(field.name) } : field;
}

function completeMessage(message: DescriptorProto): DescriptorProto {
  return {
    ...message,
    field: message.field.map(completeField),
    nestedType: message.nestedType.map(completeMessage),
  };
}

/** The same file in which every field has its name in JSON: some servers leave out those that follow from the name. */
export function completeFile(file: FileDescriptorProto): FileDescriptorProto {
  return { ...file, messageType: file.messageType.map(completeMessage) };
}
