import type { Observable } from 'rxjs';
import { Pullable } from '../coreutil/pullable.js';
import { GatedCursor } from './gatedCursor.js';
import type { VirtualGate } from './virtualGate.js';

/**
 * A provider whose reading makes virtual time wait. One that pushes its ammo is left as it is: it has its clock from the run.
 *
 * @param onDry Told when somebody asked for ammo and there was no more.
 */
export function gatedProvider<A>(provider: Observable<A>, gate: VirtualGate, onDry: () => void): Observable<A> {
  if (!(provider instanceof Pullable)) return provider;
  const { open } = provider as Pullable<A>;
  return new Pullable<A>((scheduler) => new GatedCursor(open(scheduler), gate, onDry));
}
