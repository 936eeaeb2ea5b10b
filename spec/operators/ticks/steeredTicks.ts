import { map } from 'rxjs';
import type { Tick } from '../../../lib/core/plan.js';

export const index = map(({ index: i }: Tick) => i.toString(36));
