import type { Route } from './route.js';
import { bytes } from './routes/bytes.js';
import { cart } from './routes/cart.js';
import { chunked } from './routes/chunked.js';
import { close } from './routes/close.js';
import { delay } from './routes/delay.js';
import { echo } from './routes/echo.js';
import { fail } from './routes/fail.js';
import { fixed } from './routes/fixed.js';
import { goods } from './routes/goods.js';
import { hang } from './routes/hang.js';
import { jitter } from './routes/jitter.js';
import { login } from './routes/login.js';
import { order } from './routes/order.js';
import { reset } from './routes/reset.js';
import { slow } from './routes/slow.js';
import { status } from './routes/status.js';

/** Everything the target can do, by the first segment of the path. */
export const routes: ReadonlyMap<string, Route> = new Map(
  Object.entries({
    '': fixed,
    bytes,
    cart,
    chunked,
    close,
    delay,
    echo,
    fail,
    goods,
    hang,
    jitter,
    login,
    order,
    reset,
    slow,
    status,
  }),
);
