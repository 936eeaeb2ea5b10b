import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isRight } from 'fp-ts/lib/Either.js';
import { from } from 'rxjs';
import { connect, tunnelDialing } from '../../../../lib/guns/http/connectGun.js';
import { HttpGunFactory, http } from '../../../../lib/guns/http/gun.js';
import { directDialing } from '../../../../lib/guns/shared/dialing.js';
import { httpGunConfig } from '../../../../lib/guns/shared/httpOptions.js';
import { ConnectionRecorder } from '../../../../lib/measure/connectionRecorder.js';
import { toHttpAmmo } from '../../../../lib/protocols/http.js';
import { FakeLog, fakeDeps } from '../../../../lib/testing/fakeDeps.js';
import { VirtualClock } from '../../../../lib/time/virtualClock.js';
import type { HttpSocketEvents, SecurableSocket } from '../../../../lib/wire/dial/connector.js';

const OK = Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');

/** What the target does with the connections, in the order in which they are opened. */
type Play = 'opens' | 'refuses' | 'is silent' | 'closes when open' | 'closes at the first request';

function setUp(plays: readonly Play[], options: Record<string, unknown> = {}) {
  const clock = new VirtualClock();
  const log = new FakeLog();
  const connections = new ConnectionRecorder();
  const wire = { dialled: 0, destroyed: 0, requests: [] as number[] };
  const dial = (_: unknown, events: HttpSocketEvents): SecurableSocket => {
    const nth = wire.dialled++;
    const play = plays[nth] ?? 'opens';
    if (play === 'refuses')
      clock.schedule(() => events.failed(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })), 1);
    else if (play !== 'is silent') clock.schedule(() => events.opened(), 1);
    if (play === 'closes when open') clock.schedule(() => events.finished(), 2);
    return {
      pending: false,
      startTls: () => undefined,
      destroy: () => wire.destroyed++,
      write: () => {
        wire.requests.push(nth);
        clock.schedule(() => {
          if (play === 'closes at the first request') events.finished();
          else events.received(OK, OK.length);
        }, 1);
      },
    };
  };
  const config = httpGunConfig.decode({ target: '127.0.0.1:1', ...options });
  assert.ok(isRight(config));
  const deps = fakeDeps({ scheduler: clock, log, connections });
  const guns = new HttpGunFactory(config.right, deps, directDialing(config.right, deps, undefined, dial));
  const opening = { ended: false };
  const subscription = guns.openEarly(plays.length).subscribe({ complete: () => (opening.ended = true) });
  clock.run(10);
  const codes: (readonly [net: number, proto: number])[] = [];
  const shoot = (gun: ReturnType<typeof guns.create>): void => {
    const ammo = toHttpAmmo('GET', '/');
    const shot = { index: 0, at: clock.now(), ammo, instance: 0, started: clock.now(), slotWait: 0 };
    from(gun.shoot(ammo, shot)).subscribe(({ netCode, protoCode }) => codes.push([netCode, protoCode]));
    clock.run(clock.now() + 50);
  };
  return { wire, connections, guns, opening, subscription, shoot, codes, log };
}

describe('the early connections of the http gun', () => {
  it('are open before the first shots, one for each gun, and carry them', () => {
    const { wire, connections, guns, opening, shoot, codes } = setUp(['opens', 'opens']);
    assert.deepEqual([wire.dialled, wire.requests, opening.ended], [2, [], true]);
    const [a, b] = [guns.create({ instance: 0 }), guns.create({ instance: 1 })];
    shoot(a);
    shoot(b);
    shoot(b);
    assert.deepEqual([wire.dialled, wire.requests], [2, [0, 1, 1]]);
    assert.deepEqual(codes, new Array(3).fill([0, 200]));
    // The third request alone uses a connection again.
    const { opened, reused, failed } = connections.take();
    assert.deepEqual({ opened, reused, failed }, { opened: 2, reused: 1, failed: 0 });
  });

  it('of a target that is down are counted at the shot, once', () => {
    const { wire, connections, guns, opening, shoot, codes, log } = setUp(['refuses']);
    assert.deepEqual([opening.ended, connections.take().failed, log.lines], [true, 0, []]);
    const gun = guns.create({ instance: 0 });
    shoot(gun);
    assert.deepEqual([wire.dialled, codes], [2, [[0, 200]]]);
    assert.equal(connections.take().opened, 1);
  });

  it('that the target closes are opened again by the shot', () => {
    const { wire, connections, guns, shoot, codes } = setUp(['closes when open']);
    shoot(guns.create({ instance: 0 }));
    assert.deepEqual([wire.dialled, wire.requests, codes], [2, [1], [[0, 200]]]);
    assert.equal(connections.take().closedByTarget, 1);
  });

  it('that the target closes at the first request are replaced: the request is sent once more', () => {
    const { wire, guns, shoot, codes } = setUp(['closes at the first request']);
    shoot(guns.create({ instance: 0 }));
    assert.deepEqual([wire.requests, codes], [[0, 1], [[0, 200]]]);
  });

  it('that are still opening at the end of the wait are closed, and the shot opens its own', () => {
    const { wire, connections, guns, opening, subscription, shoot, codes } = setUp(['is silent']);
    assert.equal(opening.ended, false);
    subscription.unsubscribe();
    assert.equal(wire.destroyed, 1);
    shoot(guns.create({ instance: 0 }));
    assert.deepEqual([wire.requests, codes], [[1], [[0, 200]]]);
    assert.deepEqual([connections.take().failed, wire.dialled], [0, 2]);
  });

  it('are closed with the factory when no gun has taken them', () => {
    const { wire, guns } = setUp(['opens', 'opens', 'opens']);
    guns.create({ instance: 0 }).close();
    assert.equal(wire.destroyed, 1);
    guns.close().subscribe();
    assert.equal(wire.destroyed, 3);
  });

  for (const [sentence, options] of [
    ['with shared clients', { 'shared-client': { enabled: true } }],
    ['without kept connections', { 'disable-keep-alives': true }],
  ] as const)
    it(`do not exist ${sentence}`, () => {
      const { wire, opening } = setUp(['opens'], options);
      assert.deepEqual([wire.dialled, opening.ended], [0, true]);
    });

  it('do not exist for the connect gun, whose ammo decides where a tunnel leads', () => {
    const options = connect.options().decode({ target: '127.0.0.1:1' });
    assert.ok(isRight(options));
    let dialled = 0;
    const deps = fakeDeps({ scheduler: new VirtualClock() });
    const dialing = tunnelDialing(options.right, deps, () => {
      dialled++;
      throw new Error('no connection');
    });
    new HttpGunFactory(options.right, deps, dialing).openEarly(3).subscribe();
    assert.equal(dialled, 0);
  });

  it('belong to the factory that the component makes', () => {
    const options = http.options().decode({ target: '127.0.0.1:1' });
    assert.ok(isRight(options));
    assert.equal(typeof http.create(options.right, fakeDeps()).openEarly, 'function');
  });
});
