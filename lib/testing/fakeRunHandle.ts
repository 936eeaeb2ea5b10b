import type { Command } from '../../operators/ticks/command.js';
import type { Millis } from '../core/units.js';
import type { RunHandle } from '../engine/runHandle.js';

/**
 * A handle of a run that records what an observer does with it.
 *
 * @example
 * declare const impatient: RunObserver;
 * const handle = new FakeRunHandle();
 * impatient(NEVER, handle).subscribe();
 * assert.deepEqual(handle.commands, [{ pool: undefined, command: { type: 'pause' } }]);
 */
export class FakeRunHandle implements RunHandle {
  readonly steerable = true;
  readonly commands: { readonly pool: string | undefined; readonly command: Command }[] = [];
  readonly stops: { readonly limitMs: Millis; readonly reason: string }[] = [];
  readonly annotations: string[] = [];

  command(command: Command, pool?: string): void {
    this.commands.push({ pool, command });
  }

  stop(limitMs: Millis, reason: string): void {
    this.stops.push({ limitMs, reason });
  }

  annotate(text: string): void {
    this.annotations.push(text);
  }
}
