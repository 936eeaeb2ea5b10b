import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { from, interval, lastValueFrom, map, of, Subject, take, toArray } from 'rxjs';
import { type GrpcClient, grpcClient } from '../../../../lib/guns/grpc/client.js';
import { grpcStream } from '../../../../lib/guns/grpc/streamGun.js';
import type { GrpcCall } from '../../../../lib/protocols/grpc.js';
import type { NetSample } from '../../../../lib/protocols/netSample.js';
import { TurnClock } from '../turnClock.js';
import { ECHO_PROTO, type EchoServer, echoServer } from './echoServer.js';
import { GrpcBench } from './grpcBench.js';

describe('grpcClient', () => {
  let server: EchoServer;
  let client: GrpcClient;
  before(async () => {
    server = await echoServer();
    client = await grpcClient({ target: server.target.text });
  });
  after(async () => {
    await client.close();
    server.close();
  });

  const all = (method: string, messages: Parameters<GrpcClient['call']>[1]) =>
    lastValueFrom(client.call(`elpis.test.Echo.${method}`, messages).pipe(toArray()));

  it('knows the methods of the server', () => {
    assert.ok(client.methods.includes('elpis.test.Echo.Both'));
  });

  it('makes a unary call', async () => {
    const [response] = await all('Unary', of({ text: 'a', userId: '9007199254740993' }));
    assert.equal(response?.text, 'a');
    assert.equal(response?.userId, '9007199254740993');
  });

  it('receives a stream', async () => {
    const messages = await all('Down', of({ text: 'n', count: 3 }));
    assert.deepEqual(
      messages.map(({ text }) => text),
      ['n 0', 'n 1', 'n 2'],
    );
  });

  it('sends a stream', async () => {
    const [response] = await all('Up', from([{ text: 'a' }, { text: 'b' }, { text: 'c' }]));
    assert.equal(response?.text, 'a b c');
  });

  it('sends and receives at the same time: each message waits for the response to the one before', async () => {
    const requests = new Subject<{ text: string }>();
    const seen: unknown[] = [];
    const done = new Promise<void>((resolve, reject) => {
      client.call('elpis.test.Echo.Both', requests).subscribe({
        next: ({ text }) => {
          seen.push(text);
          if (seen.length === 3) requests.complete();
          else requests.next({ text: `${seen.length}` });
        },
        error: reject,
        complete: resolve,
      });
    });
    // The stream is open a little later; what is emitted before that is lost, as with any Subject.
    await all('Unary', of({}));
    requests.next({ text: '0' });
    await done;
    assert.deepEqual(seen, ['0!', '1!', '2!']);
  });

  it('errors with the status of the server, after the messages before it', async () => {
    const seen: unknown[] = [];
    await assert.rejects(
      new Promise((resolve, reject) => {
        client
          .call('elpis.test.Echo.Down', of({ text: 'no', count: 2, status: 5 }))
          .subscribe({ next: (message) => seen.push(message), error: reject, complete: () => resolve(undefined) });
      }),
      { name: 'GrpcError', status: 5, message: 'grpc not found: no' },
    );
    assert.equal(seen.length, 2);
  });

  it('passes on an error of the messages, and a message that does not fit', async () => {
    const broken = from([{ text: 'a' }, { tekst: 'b' }]);
    await assert.rejects(all('Up', broken), /message elpis.test.EchoRequest has no field "tekst"/);
  });

  it('cancels the call when it is unsubscribed from', async () => {
    const first = client
      .call('elpis.test.Echo.Both', interval(5).pipe(map((n) => ({ text: `${n}` }))))
      .pipe(take(2), toArray());
    assert.deepEqual(
      (await lastValueFrom(first)).map(({ text }) => text),
      ['0!', '1!'],
    );
  });

  it('refuses a method that the server does not have', () => {
    assert.throws(() => client.call('elpis.test.Echo.Bth', of({})), {
      code: 'ELPIS_SHOT',
      hint: 'did you mean elpis.test.Echo.Both?',
    });
  });

  it('refuses wrong options', async () => {
    await assert.rejects(grpcClient({ target: 'http://localhost' }), /expected host:port/);
  });
});

describe('the grpc/stream gun', () => {
  let server: EchoServer;
  before(async () => {
    server = await echoServer();
  });
  after(() => server.close());

  async function shots(call: Partial<GrpcCall>, options: Record<string, unknown> = {}): Promise<NetSample[]> {
    const bench = new GrpcBench({ target: server.target.text, ...options }, { scheduler: new TurnClock() }, grpcStream);
    await bench.warmUp();
    const samples = await bench.stream({ method: 'elpis.test.Echo.Down', metadata: null, payload: null, ...call });
    await bench.close();
    return samples;
  }
  const shown = ({ scope, tag, protoCode, errorName }: NetSample) => [scope, tag, protoCode, errorName];

  it('gives a sample for the first message, for each gap, and for the whole', async () => {
    const samples = await shots({ payload: { count: 3 } });
    assert.deepEqual(samples.map(shown), [
      ['group', 'tag|first', 200, ''],
      ['group', 'tag|gap', 200, ''],
      ['group', 'tag|gap', 200, ''],
      ['', 'tag', 200, ''],
    ]);
    const [first, gap, next, whole] = samples as [NetSample, NetSample, NetSample, NetSample];
    assert.equal(gap.started, first.ended);
    assert.equal(next.started, gap.ended);
    assert.equal(whole.started, first.started);
    assert.ok(whole.bytesIn > 0 && whole.bytesOut > 0);
    assert.deepEqual(whole.metrics, [
      { kind: 'counter', name: 'messages received', value: 3 },
      { kind: 'counter', name: 'messages sent', value: 1 },
    ]);
  });

  it('sends the messages of the ammo', async () => {
    const samples = await shots(
      { method: 'elpis.test.Echo.Both', messages: [{ text: 'a' }, { text: 'b' }] },
      { message_interval: '5ms' },
    );
    assert.equal(samples.length, 3);
    assert.deepEqual(
      server.requests.map(({ text }) => text),
      ['a', 'b'],
    );
  });

  it('reports a status, a deadline, a wrong message and an unknown method', async () => {
    assert.deepEqual((await shots({ payload: { status: 7, count: 1 } })).map(shown).at(-1), [
      '',
      'tag',
      403,
      'grpc permission denied',
    ]);
    const slow = { method: 'elpis.test.Echo.Unary', payload: { delay_ms: 60_000 } };
    assert.deepEqual((await shots(slow, { timeout: '200ms' })).map(shown), [['', 'tag', 504, 'timeout']]);
    assert.deepEqual((await shots({ payload: { nope: 1 } })).map(shown), [['', 'tag', 400, 'grpc bad payload']]);
    assert.deepEqual((await shots({ method: 'a.B.C' })).map(shown), [['', 'tag', 0, 'grpc unknown method']]);
  });

  it('takes descriptors from files', async () => {
    assert.equal((await shots({ payload: { count: 1 } }, { proto: { files: [ECHO_PROTO] } })).length, 2);
  });
});
