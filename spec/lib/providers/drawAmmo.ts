import { isLeft } from 'fp-ts/lib/Either.js';
import type { CodecIssue } from '../../../lib/codec/issue.js';
import { struct } from '../../../lib/codec/struct.js';
import { type Cursor, DONE, PENDING } from '../../../lib/core/cursor.js';
import type { DataSource } from '../../../lib/core/data.js';
import type { Deps } from '../../../lib/core/deps.js';
import { component } from '../../../lib/plugin/component.js';
import { pluginCodecs } from '../../../lib/plugin/pluginCodecs.js';
import { Pullable } from '../../../lib/pull/pullable.js';
import { fakeDeps } from '../../../lib/testing/fakeDeps.js';
import { realTimeScheduler } from '../../../lib/time/realTime.js';
import { ammoRegistry } from './ammoRegistry.js';

/** The result of reading a provider to its end. */
export interface Drawn<A> {
  readonly ammo: readonly A[];
  /** True when the cursor has ended or failed. */
  readonly exhausted: boolean;
  readonly error?: unknown;
}

/** Makes a provider from the `ammo` section of a config. @throws the issues, when the config is refused. */
export function providerOf<A>(
  config: Readonly<Record<string, unknown>>,
  deps: Partial<Deps> = {},
  registry = ammoRegistry(),
): Pullable<A> {
  const decoded = pluginCodecs(registry).provider.decode(config);
  if (isLeft(decoded)) throw Object.assign(new Error('config refused'), { issues: decoded.left as CodecIssue[] });
  const provider = decoded.right.create(fakeDeps({ scheduler: realTimeScheduler, ...deps }));
  if (!(provider instanceof Pullable)) throw new TypeError('a provider can be pulled');
  return provider as Pullable<A>;
}

/** Takes ammo from a cursor until it ends, fails or `most` were taken; waits while it is pending. Closes it. */
export async function drain<A>(cursor: Cursor<A>, most = Number.POSITIVE_INFINITY): Promise<Drawn<A>> {
  const ammo: A[] = [];
  try {
    while (ammo.length < most) {
      const polled = cursor.poll();
      if (polled === DONE) return { ammo, exhausted: true };
      if (polled === PENDING) await new Promise<void>((resolve) => cursor.whenReady(resolve));
      else ammo.push(polled);
    }
    return { ammo, exhausted: false };
  } catch (error) {
    return { ammo, exhausted: true, error };
  } finally {
    cursor.close();
  }
}

/** {@link drain} of a provider made from a config. */
export function draw<A>(
  config: Readonly<Record<string, unknown>>,
  deps: Partial<Deps> = {},
  most?: number,
): Promise<Drawn<A>> {
  return drain(providerOf<A>(config, deps).open(realTimeScheduler), most);
}

/** {@link draw} with a given source for `file`. */
export function drawFrom<A>(
  source: DataSource,
  config: Readonly<Record<string, unknown>>,
  deps: Partial<Deps> = {},
  most?: number,
): Promise<Drawn<A>> {
  return drain(providerFrom<A>(source, config, deps).open(realTimeScheduler), most);
}

/** {@link providerOf} with a given source for `file`. */
export function providerFrom<A>(
  source: DataSource,
  config: Readonly<Record<string, unknown>>,
  deps: Partial<Deps> = {},
): Pullable<A> {
  const mine = component({
    kind: 'source',
    name: 'mine',
    summary: 'For a test.',
    options: struct('mine', {}),
    create: () => source,
  });
  const registry = ammoRegistry().register(mine);
  return providerOf<A>({ ...config, [config.type === 'json' ? 'source' : 'file']: { type: 'mine' } }, deps, registry);
}
