import assert from 'node:assert/strict';
import type { LookupAddress, LookupOptions } from 'node:dns';
import { describe, it } from 'node:test';
import type { Origin } from '../../../../lib/wire/dial/origin.js';
import {
  type LookupAll,
  type Route,
  Router,
  type RouterOptions,
  systemRoutes,
} from '../../../../lib/wire/dial/router.js';

const origin = (host: string, changed: Partial<Origin> = {}): Origin => ({
  host,
  port: 80,
  ssl: false,
  remember: false,
  ...changed,
});
const V4: LookupAddress[] = [
  { address: '10.0.0.2', family: 4 },
  { address: '10.0.0.1', family: 4 },
];
const V6: LookupAddress = { address: '::2', family: 6 };

/** A router over a resolver that responds at once; `asked` has the names. */
function routed(options: Partial<RouterOptions>, addresses: LookupAddress[] | Error = [...V4, V6]) {
  const asked: string[] = [];
  const lookup: LookupAll = (name, _options, done) => {
    asked.push(name);
    if (addresses instanceof Error) done(addresses, []);
    else done(null, addresses);
  };
  return { asked, router: new Router({ ...systemRoutes(), ...options }, lookup) };
}

/** What a route's look-up returns. */
function looked(route: Route, options: LookupOptions = { all: true }): string {
  let found = '';
  route.lookup?.(route.host ?? '', options, (error, address) => {
    const list = Array.isArray(address) ? address.map((each) => each.address).join(' ') : String(address);
    found = error === null ? list : `${error.code} ${error.message}`;
  });
  return found;
}

describe('Router', () => {
  it('leaves all to the system by default', () => {
    const { router } = routed({});
    assert.deepEqual(router.next(origin('a.test')), { host: 'a.test', port: 80 });
  });

  it('begins at the local addresses in turn, and resolves names to their family', () => {
    const { router } = routed({ localAddresses: ['10.0.0.1', '::1', '10.0.0.2'] });
    const ends = Array.from({ length: 4 }, () => router.next(origin('a.test')));
    assert.deepEqual(
      ends.map(({ localAddress, family }) => `${localAddress} ${family}`),
      ['10.0.0.1 4', '::1 6', '10.0.0.2 4', '10.0.0.1 4'],
    );
  });

  it('skips as many turns as the offset says, so that threads begin with different addresses', () => {
    const { router } = routed({ localAddresses: ['10.0.0.1', '10.0.0.2'], roundRobin: true, offset: 3 });
    const route = router.next(origin('a.test'));
    assert.equal(route.localAddress, '10.0.0.2');
    assert.equal(looked(route, { all: true, family: 4 }), '10.0.0.2 10.0.0.1');
  });

  const RESOLVED: readonly (readonly [sentence: string, host: string, port: number, to: string])[] = [
    ['a host', 'a.test', 80, '1.1.1.1:80'],
    ['a host in any case', 'A.Test', 81, '1.1.1.1:81'],
    ['a host and a port, before the host alone', 'a.test', 443, '2.2.2.2:8443'],
    ['nothing else', 'b.test', 80, 'b.test:80'],
  ];
  for (const [sentence, host, port, to] of RESOLVED) {
    it(`replaces ${sentence}`, () => {
      const { router } = routed({
        resolve: new Map([
          ['a.test', { host: '1.1.1.1' }],
          ['a.test:443', { host: '2.2.2.2', port: 8443 }],
        ]),
      });
      const route = router.next(origin(host, { port }));
      assert.equal(`${route.host}:${route.port}`, to);
    });
  }

  describe('with roundRobin', () => {
    it('begins with another address each time; the others follow', () => {
      const { router, asked } = routed({ roundRobin: true });
      const found = Array.from({ length: 4 }, () => looked(router.next(origin('a.test', { remember: true }))));
      assert.deepEqual(found, [
        '10.0.0.1 10.0.0.2 ::2',
        '10.0.0.2 ::2 10.0.0.1',
        '::2 10.0.0.1 10.0.0.2',
        '10.0.0.1 10.0.0.2 ::2',
      ]);
      assert.deepEqual(asked, ['a.test'], 'the name is resolved once');
    });

    it('resolves for every connection when the origin is not remembered; the turns do not depend on the order of responses', () => {
      const { router, asked } = routed({ roundRobin: true });
      const found = [V4[0], V4[1]].map(() => looked(router.next(origin('a.test')), { all: true, family: 4 }));
      assert.deepEqual(found, ['10.0.0.1 10.0.0.2', '10.0.0.2 10.0.0.1']);
      assert.deepEqual(asked, ['a.test', 'a.test']);
    });

    it('gives one address when only one is asked for', () => {
      const { router } = routed({ roundRobin: true });
      const found = [1, 2, 3].map(() => looked(router.next(origin('a.test')), {}));
      assert.deepEqual(found, ['10.0.0.1', '10.0.0.2', '::2']);
    });

    it('fails like the resolver, and when a name has no address of the family', () => {
      const failing = routed({ roundRobin: true }, Object.assign(new Error('no'), { code: 'ENOTFOUND' }));
      assert.equal(looked(failing.router.next(origin('a.test', { remember: true }))), 'ENOTFOUND no');
      assert.equal(looked(failing.router.next(origin('a.test', { remember: true }))), 'ENOTFOUND no');
      assert.equal(failing.asked.length, 2, 'a failure is not remembered');
      const { router } = routed({ roundRobin: true }, [V6]);
      const none = looked(router.next(origin('a.test')), { all: true, family: 4 });
      assert.equal(none, 'ENODATA a.test has no address of the family IPv4');
      assert.match(looked(routed({ roundRobin: true }, []).router.next(origin('a.test'))), /^ENODATA/);
    });

    it('resolves no address, and remembers none', () => {
      const { router } = routed({ roundRobin: true });
      assert.equal(router.next(origin('1.1.1.1')).lookup, undefined);
      router.connected(origin('a.test', { remember: true }), '9.9.9.9');
      assert.equal(router.next(origin('a.test', { remember: true })).host, 'a.test');
    });
  });

  describe('remembers the address that accepted the first connection', () => {
    it('for all later ones, to that host and port only', () => {
      const { router } = routed({});
      router.connected(origin('a.test', { remember: true }), '1.1.1.1');
      router.connected(origin('A.test', { remember: true }), '2.2.2.2');
      assert.equal(router.next(origin('a.test', { remember: true })).host, '1.1.1.1');
      assert.equal(router.next(origin('a.test', { remember: true, port: 81 })).host, 'a.test');
    });

    it('for all routers with the same names', () => {
      const names = new Map<string, string>();
      routed({ names }).router.connected(origin('a.test', { remember: true }), '1.1.1.1');
      assert.equal(routed({ names }).router.next(origin('a.test', { remember: true })).host, '1.1.1.1');
    });

    it('but not for an origin that is not remembered, nor for one with an address in resolve', () => {
      const names = new Map<string, string>();
      const { router } = routed({ names, resolve: new Map([['b.test', { host: '3.3.3.3' }]]) });
      router.connected(origin('a.test'), '1.1.1.1');
      router.connected(origin('b.test', { remember: true }), '3.3.3.3');
      router.connected(origin('1.2.3.4', { remember: true }), '1.2.3.4');
      assert.equal(names.size, 0);
    });
  });
});
