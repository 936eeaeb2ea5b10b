import { filter, isObservable, type Observable } from 'rxjs';
import type { ComponentKind, ComponentKinds } from '../core/component.js';
import type { Share } from '../core/share.js';
import type { Chosen } from './chosen.js';
import { isPlan } from './isPlan.js';

/** The stripe of a stream that a share plays. */
function stripe<T>(stream: Observable<T>, { index, of }: Share): Observable<T> {
  return of === 1 ? stream : stream.pipe(filter((_, i) => i % of === index));
}

/**
 * A value of the user's own as a component that was chosen: each run gets the value itself. A schedule that tells its plan is
 * that plan, on the clock of the run; any other stream is striped among the shares of a run.
 */
export function ownComponent<K extends ComponentKind>(kind: K, value: ComponentKinds[K]): Chosen<K> {
  const plan = kind === 'schedule' && 'plan' in value && isPlan(value.plan) ? value.plan : undefined;
  const create = ({ share }: { readonly share: Share }): unknown => {
    if (plan !== undefined) return plan;
    return isObservable(value) ? stripe(value, share) : value;
  };
  return { kind, name: 'own', config: {}, create: create as Chosen<K>['create'] };
}
