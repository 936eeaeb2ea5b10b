/** Names that examples may use as given. Keep them few: a reader has to guess what they are. */
import type { Observable } from 'rxjs';
import type { NetSample } from '../../../lib/protocols/netSample.js';

/** What a pool's shots gave. */
export declare const samples: Observable<NetSample>;
