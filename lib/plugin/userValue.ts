import { filter, isObservable, type Observable } from 'rxjs';
import type { ComponentKind, ComponentKinds } from '../core/component.js';
import { inShare, type Share } from '../core/deps.js';
import type { Plan } from '../core/plan.js';
import type { ConfiguredComponent } from './configured.js';
import type { ComponentTraits } from './traits.js';

/** True for a {@link Plan}, which a schedule component may make instead of a stream of ticks. */
export function isPlan(value: unknown): value is Plan {
  return typeof value === 'object' && value !== null && typeof (value as Partial<Plan>).atNs === 'function';
}

const has = (value: unknown, method: string): boolean =>
  typeof value === 'object' && value !== null && typeof (value as Record<string, unknown>)[method] === 'function';

const FITS: Readonly<Record<ComponentKind, (value: unknown) => boolean>> = {
  schedule: (value) => isPlan(value) || isObservable(value),
  provider: isObservable,
  gun: (value) => has(value, 'create'),
  aggregator: (value) => typeof value === 'function',
  source: (value) => has(value, 'open'),
  sink: (value) => has(value, 'open'),
  middleware: (value) => typeof value === 'function',
  operator: (value) => typeof value === 'function',
  observer: (value) => typeof value === 'function',
};

/** True for a value whose shape fulfils the contract of a kind: a user's own component. */
export function isUserValue<K extends ComponentKind>(kind: K, value: unknown): value is ComponentKinds[K] {
  return FITS[kind](value);
}

/** The stripe of a stream that a share plays. */
function stripe<T>(stream: Observable<T>, share: Share): Observable<T> {
  return share.of === 1 ? stream : stream.pipe(filter((_, i) => inShare(share, i)));
}

/** The traits of a user's own schedule: an unlimited plan has no planned times. */
function traitsOf(kind: ComponentKind, plan: Plan | undefined): ComponentTraits['schedule'] {
  return kind === 'schedule' && plan !== undefined && !Number.isFinite(plan.count) ? { unlimited: true } : {};
}

/**
 * A user's own value as a configured component: each run gets the value itself. A schedule that has a plan is that
 * plan, on the clock of the run; any other stream is striped among the shares of a run.
 */
export function userComponent<K extends ComponentKind>(kind: K, value: ComponentKinds[K]): ConfiguredComponent<K> {
  const own = kind === 'schedule' && !isPlan(value) && 'plan' in value && isPlan(value.plan) ? value.plan : undefined;
  const plan = own ?? (isPlan(value) ? value : undefined);
  const create = ({ share }: { readonly share: Share }): unknown => {
    if (plan !== undefined) return plan;
    return isObservable(value) ? stripe(value, share) : value;
  };
  return {
    kind,
    name: 'own',
    options: {},
    create: create as ConfiguredComponent<K>['create'],
    describe: () => `a ${kind} of your own`,
    get traits() {
      return traitsOf(kind, plan);
    },
  };
}

/** True for a map that is a user's own value, so that it is not searched for config keys. */
export function isUserMap(value: Readonly<Record<string, unknown>>): boolean {
  return ['create', 'open', 'atNs'].some((method) => typeof value[method] === 'function');
}
