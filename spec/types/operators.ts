import { filter, type MonoTypeOperatorFunction, map, type Observable, tap } from 'rxjs';
import { retag } from '../../lib/builtins/components.js';
import { integer } from '../../lib/codec/scalars.js';
import { optional, struct } from '../../lib/codec/struct.js';
import type { PoolOptions } from '../../lib/config/code/defineConfig.js';
import type { Tick } from '../../lib/core/plan.js';
import type { Shot } from '../../lib/core/shot.js';
import { component, defineOperator, type OperatorComponent } from '../../lib/plugin/component.js';
import type { NetSample } from '../../lib/protocols/netSample.js';
import { filterPulled } from '../../operators/shots/filterPulled.js';
import { mapPulled } from '../../operators/shots/mapPulled.js';

// Compiled, never run: a user's own operators fit the point of a pool for which they are made, and no other.
declare const ticks: Observable<Tick>;
declare const shots: Observable<Shot<{ readonly id: number }>>;
declare const samples: Observable<NetSample>;

// The streams keep their types, and the parameters of functions have types.
export const later: Observable<Tick> = ticks.pipe(mapPulled((tick) => ({ ...tick, at: tick.at + 1 })));
export const fewer: Observable<Shot<{ readonly id: number }>> = shots.pipe(filterPulled(({ ammo }) => ammo.id > 0));
export const good: Observable<NetSample> = samples.pipe(filter(({ verdict }) => verdict === 'ok'));
export const plain: Observable<NetSample> = samples.pipe(retag({ pattern: /[0-9]+/, replacement: '#' }));
// @ts-expect-error: a tick is made of a tick
ticks.pipe(mapPulled(({ index }) => index));
// @ts-expect-error: ticks are no samples
ticks.pipe(retag({ pattern: 'a' }));
// @ts-expect-error: there is no such option
retag({ pattern: 'a', mark: 'b' });

const options = struct('x', { by: optional(integer, 1, 'by how much') });
const described = { name: 'x', summary: 'X.', options };
type By = { readonly by: number };
type WrittenBy = { readonly by?: number };

// Options have the type of the codec, values that of the point.
export const ofTicks: OperatorComponent<'ticks', By, WrittenBy> = defineOperator('ticks', {
  ...described,
  create: ({ by }, { random }) => map((tick) => ({ ...tick, at: tick.at + by * random() })),
});
export const ofShots = defineOperator('shots', { ...described, create: () => tap(({ ammo }) => ammo) });
export const ofSamples = defineOperator('samples', {
  ...described,
  create: () => filter(({ tag }) => tag === ''),
});
// @ts-expect-error: an operator of ticks does not fit at samples
export const misplaced: OperatorComponent<'samples', By, WrittenBy> = ofTicks;
declare const tickOperator: MonoTypeOperatorFunction<Tick>;
// @ts-expect-error: an operator of ticks does not fit at samples
defineOperator('samples', { ...described, create: () => tickOperator });
// @ts-expect-error: there is no such point
defineOperator('ammo', { ...described, create: () => tickOperator });
// @ts-expect-error: an operator needs a point
component({ ...described, kind: 'operator', create: () => ({ at: 'ticks', operator: tickOperator }) });

// In a config in code.
export const operators: PoolOptions['operators'] = {
  ticks: [tickOperator, { use: './jitter.ts', amount: '5ms' }],
  samples: [retag({ pattern: 'a' }), tap((sample) => sample.tag), { type: 'retag', pattern: 'a' }],
};
// @ts-expect-error: an operator of ticks does not fit samples
export const wrong: PoolOptions['operators'] = { samples: [tickOperator] };
// @ts-expect-error: an operator of samples does not fit ticks
export const wrongToo: PoolOptions['operators'] = { ticks: [retag({ pattern: 'a' })] };
