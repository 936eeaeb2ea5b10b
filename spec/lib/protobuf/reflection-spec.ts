import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { asapScheduler, EMPTY, lastValueFrom, map, observeOn, of } from 'rxjs';
import { loadProtobuf, type ProtobufLibrary } from '../../../lib/protobuf/library.js';
import { type ReflectionCall, reflected } from '../../../lib/protobuf/reflection.js';

describe('server reflection', () => {
  let library: ProtobufLibrary;
  before(async () => {
    library = await loadProtobuf();
  });

  /** A response with a field of a message. */
  const response = (field: number, content: Uint8Array): Uint8Array =>
    new library.BinaryWriter().tag(field, 2).bytes(content).finish();

  /** The response with the descriptor of a file that imports another one. */
  function file(name: string, imported?: string): Uint8Array {
    const descriptor = library.create(library.FileDescriptorProtoSchema, {
      name,
      dependency: imported === undefined ? [] : [imported],
    });
    return response(4, response(1, library.toBinary(library.FileDescriptorProtoSchema, descriptor)));
  }

  /** A server that lists one service, and then describes one file per question, up to `last`. */
  const chain =
    (last: number): ReflectionCall =>
    (requests) => {
      const name = new TextEncoder().encode('a.Service');
      return requests.pipe(
        observeOn(asapScheduler),
        map((_, i) =>
          i === 0
            ? response(6, response(1, response(1, name)))
            : file(`${i}.proto`, i < last ? `${i + 1}.proto` : undefined),
        ),
      );
    };

  it('follows imports, each question once', async () => {
    const { files, missing } = await lastValueFrom(reflected(library, chain(5)));
    assert.deepEqual(
      [files.map(({ name }) => name), missing],
      [['1.proto', '2.proto', '3.proto', '4.proto', '5.proto'], []],
    );
  });

  it('ends with an error at a file more than 20,000', async () => {
    await assert.rejects(
      lastValueFrom(reflected(library, chain(20_001))),
      /^Error: the server describes over 20000 files$/,
    );
  });

  it('ends with an error at a response without a question, and at an early end', async () => {
    const unasked: ReflectionCall = () => of(new Uint8Array(0));
    await assert.rejects(
      lastValueFrom(reflected(library, unasked)),
      /a response of server reflection without a question/,
    );
    await assert.rejects(lastValueFrom(reflected(library, () => EMPTY)), /the server ended its reflection early/);
  });
});
