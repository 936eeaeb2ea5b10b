/** Names that examples may use without a declaration. Keep them few: a reader must guess their meaning. */
import type { Observable } from 'rxjs';
import type { NetSample } from '../../../lib/protocols/netSample.js';

/** The samples of a pool. */
export declare const samples: Observable<NetSample>;
