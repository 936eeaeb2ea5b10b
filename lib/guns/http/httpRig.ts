import type { SchedulerLike } from 'rxjs';
import type { Random } from '../../core/deps.js';
import type { NetFailure } from '../../protocols/netFailure.js';
import type { AutoTagConfig } from '../shared/autoTagConfig.js';
import type { EncodeOptions } from './encodeRequest.js';
import type { Origin } from './origin.js';
import type { OriginBook } from './originBook.js';
import type { RequestCache } from './requestCache.js';
import type { ResponseLog } from './responseLog.js';

/** What all shots of a pool have in common. */
export interface HttpRig {
  readonly scheduler: SchedulerLike;
  readonly random: Random;
  readonly target: Origin;
  readonly origins: OriginBook;
  readonly encoding: EncodeOptions;
  readonly requests: RequestCache;
  readonly autoTag: AutoTagConfig;
  readonly redirect: boolean;
  readonly trace: boolean;
  readonly dump: boolean;
  /** Told of the responses that the rule of capture keeps. */
  readonly answlog: ResponseLog | undefined;
  /** Told of every failed shot. */
  readonly failed: (failure: NetFailure, error: unknown) => void;
}
