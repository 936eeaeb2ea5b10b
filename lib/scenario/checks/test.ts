import type { Millis } from '../../core/units.js';
import type { TransportResponse } from '../../protocols/transportResponse.js';
import type { Vars } from '../session/vars.js';

/**
 * Whether an answer is as it should be: any function, or one of `status`, `headerIs`, `bodyHas`, `bodyIs`, `jsonIs`, `size`, `time`.
 *
 * @param ms Service time of the request.
 */
export type Test<V extends Vars = Vars> = (response: TransportResponse, vars: V, ms: Millis) => boolean;
