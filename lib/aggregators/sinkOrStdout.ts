import { isLeft } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import type { Codec } from '../codec/codec.js';
import { Substituted } from '../codec/substituted.js';
import { withSchema } from '../codec/withSchema.js';
import { ElpisError } from '../core/errors.js';
import type { Chosen } from '../plugin/chosen.js';
import type { PluginCodecs } from '../plugin/descriptor.js';

/** It is a path in the first place, so a `${...}` reference may stand for it. */
const written = (raw: unknown): unknown => (raw instanceof Substituted ? raw.text : raw);

/** A data sink, where empty text is standard output. */
export function sinkOrStdout(plugins: Pick<PluginCodecs, 'sink'>): Codec<Chosen<'sink'>> {
  const codec = new t.Type<Chosen<'sink'>, unknown, unknown>(
    'a path, or a data sink',
    (raw): raw is Chosen<'sink'> => plugins.sink.is(raw),
    (raw, context) => plugins.sink.validate(written(raw) === '' ? 'stdout' : written(raw), context),
    t.identity,
  );
  return withSchema(codec, (schemaOf) => schemaOf(plugins.sink));
}

/** Standard output as a sink; it is looked up when it is made, since the codecs of plugins know each other. */
export function stdoutSink(plugins: Pick<PluginCodecs, 'sink'>): Chosen<'sink'> {
  return {
    kind: 'sink',
    name: 'stdout',
    config: {},
    create: (deps) => {
      const chosen = plugins.sink.decode('stdout');
      if (isLeft(chosen)) throw new ElpisError('ELPIS_PLUGIN', 'there is no data sink "stdout"');
      return chosen.right.create(deps);
    },
  };
}
