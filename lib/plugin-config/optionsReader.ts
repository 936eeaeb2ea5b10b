import { isLeft } from 'fp-ts/lib/Either.js';
import type * as t from 'io-ts';
import type { PluginCodecs } from '../plugin/descriptor.js';

/** What an {@link optionsReader} needs of a component. */
interface Readable {
  readonly codec: (plugins: PluginCodecs) => t.Type<unknown, unknown, unknown>;
}

/** What reading options needs besides them. */
export interface OptionsReaderDeps {
  /** The codecs of all kinds, for components that hold others. Asked for when the first value is read. */
  readonly plugins: () => PluginCodecs;
  /** Told the options of every component that was accepted. */
  readonly onAccepted: (codec: t.Type<unknown, unknown, unknown>, options: unknown, context: t.Context) => unknown;
}

/** Reads options of components by their own codecs, each of which is made once. */
export function optionsReader({ plugins, onAccepted }: OptionsReaderDeps) {
  const codecs = new Map<Readable, t.Type<unknown, unknown, unknown>>();
  return (descriptor: Readable, options: unknown, context: t.Context): t.Validation<unknown> => {
    const codec = codecs.get(descriptor) ?? descriptor.codec(plugins());
    codecs.set(descriptor, codec);
    const decoded = codec.validate(options, context);
    if (!isLeft(decoded)) onAccepted(codec, options, context);
    return decoded;
  };
}
