import type { Observable } from 'rxjs';
import { openCursor } from '../coreutil/openCursor.js';
import { Pullable } from '../coreutil/pullable.js';
import { GatedCursor } from './gatedCursor.js';
import type { VirtualGate } from './virtualGate.js';

/**
 * A provider whose reading makes virtual time wait.
 *
 * @param onDry Told when somebody asked for ammo and there was no more.
 */
export function gatedProvider<A>(provider: Observable<A>, gate: VirtualGate, onDry: () => void): Observable<A> {
  return new Pullable<A>((scheduler) => new GatedCursor(openCursor(provider, scheduler), gate, onDry));
}
