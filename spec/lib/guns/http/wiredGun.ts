import type { Deps } from '../../../../lib/core/deps.js';
import { HttpGunFactory, http } from '../../../../lib/guns/http/gun.js';
import { directDialing } from '../../../../lib/guns/shared/dialing.js';
import type { HttpGunConfig } from '../../../../lib/guns/shared/httpOptions.js';
import type { VirtualClock } from '../../../../lib/time/virtualClock.js';
import type { Connector, HttpSocketEvents } from '../../../../lib/wire/dial/connector.js';
import { GunBench } from '../gunBench.js';

/** The actions of a gun on its connections; `events` are those of the last one. */
export interface Wire {
  events?: HttpSocketEvents;
  written?: (() => void) | undefined;
  dialled: number;
  destroyed: number;
}

/** A gun whose connections are controlled by the test. */
export function wiredGun(options: Record<string, unknown>, clock: VirtualClock): { wire: Wire; bench: GunBench } {
  const wire: Wire = { dialled: 0, destroyed: 0 };
  const dial: Connector = (_, events) => {
    wire.events = events;
    wire.dialled++;
    const write = (_bytes: Uint8Array, written?: () => void): void => {
      wire.written = written;
    };
    return { pending: false, destroy: () => wire.destroyed++, write };
  };
  const gun = {
    ...http,
    create: (config: HttpGunConfig, deps: Deps) =>
      new HttpGunFactory(config, deps, directDialing(config, deps, undefined, dial)),
  };
  return { wire, bench: new GunBench(gun, { target: '127.0.0.1:1', ...options }, { scheduler: clock }) };
}
