import type { Route } from './route.js';
import { bytes } from './routes/bytes.js';
import { chunked } from './routes/chunked.js';
import { close } from './routes/close.js';
import { delay } from './routes/delay.js';
import { echo } from './routes/echo.js';
import { fail } from './routes/fail.js';
import { fixed } from './routes/fixed.js';
import { hang } from './routes/hang.js';
import { jitter } from './routes/jitter.js';
import { reset } from './routes/reset.js';
import { slow } from './routes/slow.js';
import { status } from './routes/status.js';

/** Everything the target can do, by the first segment of the path. */
export const routes: ReadonlyMap<string, Route> = new Map(
  Object.entries({ '': fixed, bytes, chunked, close, delay, echo, fail, hang, jitter, reset, slow, status }),
);
