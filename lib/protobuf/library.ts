import type * as Protobuf from '@bufbuild/protobuf';
import type * as TextForm from '@bufbuild/protobuf/txtpb';
import type * as Wire from '@bufbuild/protobuf/wire';
import type * as WellKnown from '@bufbuild/protobuf/wkt';

/** The library of protobuf messages. It is loaded when a pool needs it, because most runs have no protobuf. */
export type ProtobufLibrary = typeof Protobuf &
  Pick<typeof WellKnown, 'FileDescriptorProtoSchema' | 'FileDescriptorSetSchema'> &
  Pick<typeof TextForm, 'toText'> &
  Pick<typeof Wire, 'BinaryReader' | 'BinaryWriter'> & {
    /** The files of Google that most others import, by name. */
    readonly wellKnown: ReadonlyMap<string, Protobuf.DescFile>;
  };

/** Loads the library. */
export async function loadProtobuf(): Promise<ProtobufLibrary> {
  const [main, wkt, { toText }, { BinaryReader, BinaryWriter }] = await Promise.all([
    import('@bufbuild/protobuf'),
    import('@bufbuild/protobuf/wkt'),
    import('@bufbuild/protobuf/txtpb'),
    import('@bufbuild/protobuf/wire'),
  ]);
  const files = [
    wkt.file_google_protobuf_any,
    wkt.file_google_protobuf_api,
    wkt.file_google_protobuf_descriptor,
    wkt.file_google_protobuf_duration,
    wkt.file_google_protobuf_empty,
    wkt.file_google_protobuf_field_mask,
    wkt.file_google_protobuf_source_context,
    wkt.file_google_protobuf_struct,
    wkt.file_google_protobuf_timestamp,
    wkt.file_google_protobuf_type,
    wkt.file_google_protobuf_wrappers,
  ];
  return {
    ...main,
    ...{ toText, BinaryReader, BinaryWriter },
    FileDescriptorProtoSchema: wkt.FileDescriptorProtoSchema,
    FileDescriptorSetSchema: wkt.FileDescriptorSetSchema,
    wellKnown: new Map(files.map((file) => [`${file.name}.proto`, file])),
  };
}
