import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { isRight } from 'fp-ts/lib/Either.js';
import { defaultIfEmpty, lastValueFrom } from 'rxjs';
import { grpcGunConfig } from '../../../../lib/guns/grpc/options.js';
import { GrpcTransports } from '../../../../lib/guns/grpc/transport.js';
import { ExchangeSampler } from '../../../../lib/measure/exchangeSampler.js';
import type { KeptExchange } from '../../../../lib/measure/keptExchange.js';
import type { GrpcCall } from '../../../../lib/protocols/grpc.js';
import { fakeDeps } from '../../../../lib/testing/fakeDeps.js';
import { seededRandom } from '../../../../lib/time/seededRandom.js';
import { TurnClock } from '../turnClock.js';
import { ECHO_PROTO, type EchoServer, echoServer } from './echoServer.js';
import { echo, GrpcBench } from './grpcBench.js';

describe('kept calls of gRPC', () => {
  let server: EchoServer;
  before(async () => {
    server = await echoServer();
  });
  after(() => server.close());

  function keeping() {
    const exchanges = new ExchangeSampler({ each: 3, random: seededRandom(1) });
    const kept: KeptExchange[] = [];
    exchanges.listen((exchange) => kept.push(exchange));
    return { exchanges, kept };
  }
  const options = () => ({ target: server.target.text, proto: { files: [ECHO_PROTO] } });

  /** The calls that a gun keeps as examples. */
  async function keptOf(...calls: readonly GrpcCall[]): Promise<readonly KeptExchange[]> {
    const { exchanges, kept } = keeping();
    const guns = new GrpcBench(options(), { exchanges, scheduler: new TurnClock() });
    await guns.warmUp();
    for (const call of calls) await guns.shoot(call);
    await guns.close();
    return kept;
  }

  it('are those with another status than OK, as a command of grpcurl, without secrets', async () => {
    const metadata = { authorization: 'Bearer abcdef', 'x-a': "it's" };
    const kept = await keptOf(echo({ text: 'fine' }), echo({ status: 5, text: 'no such' }, { metadata }));
    assert.equal(kept.length, 1);
    const [{ tag, reason, request, response, curl } = assert.fail()] = kept;
    assert.deepEqual([tag, reason], ['tag', 'grpc not found']);
    assert.equal(request, 'elpis.test.Echo/Unary\nauthorization: ***\nx-a: it\'s\n\n{"status":5,"text":"no such"}');
    assert.match(response ?? '', /grpc-status: 5\n/);
    assert.match(response ?? '', /grpc-message: no%20such|grpc-message: no such/);
    assert.equal(
      curl,
      `grpcurl -plaintext -proto '${ECHO_PROTO}' -H 'authorization: ***' -H 'x-a: it'\\''s' -d '{"status":5,"text":"no such"}' '${server.target.text}' 'elpis.test.Echo/Unary'`,
    );
  });

  it('are those that cannot be sent, without a response', async () => {
    const [kept] = await keptOf(echo({}, { method: 'elpis.test.Echo.None' }));
    assert.deepEqual([kept?.reason, kept?.response], ['grpc unknown method', null]);
  });

  it('have no command with a long message', async () => {
    const [kept] = await keptOf(echo({ status: 5, text: 'x'.repeat(4096) }));
    assert.equal(kept?.curl, undefined);
    assert.match(kept?.request ?? '', /\.\.\. \d+ bytes more$/);
    const [whole] = await keptOf(echo({ status: 5, text: 'x'.repeat(4000) }));
    assert.match(whole?.curl ?? '', /^grpcurl /);
  });

  it('of a scenario are offered for a check that failed, with the message', async () => {
    const { exchanges, kept } = keeping();
    const config = grpcGunConfig.decode(options());
    assert.ok(isRight(config));
    const scheduler = new TurnClock();
    const transports = new GrpcTransports(config.right, fakeDeps({ scheduler, exchanges }));
    await lastValueFrom(transports.warmUp().pipe(defaultIfEmpty(undefined)));
    const transport = transports.create();
    const shot = { index: 0, at: 0, ammo: undefined, instance: 0, started: 0, slotWait: 0 };
    const { offer } = await scheduler.passing(lastValueFrom(transport.send(echo({ text: 'hello' }), shot, 'a tag')));
    assert.equal(kept.length, 0);
    offer?.('check: is new');
    transport.close();
    await lastValueFrom(transports.close().pipe(defaultIfEmpty(undefined)));
    assert.deepEqual([kept[0]?.tag, kept[0]?.reason], ['a tag', 'check: is new']);
    assert.match(kept[0]?.response ?? '', /grpc-status: 0\n[\s\S]*"text":"hello"/);
  });
});
