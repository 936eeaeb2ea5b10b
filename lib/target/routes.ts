import type { Route } from './exchange.js';
import { bytes, chunked, echo, fixed, slow } from './routes/bodies.js';
import { cart, goods, login, order } from './routes/shop.js';
import { close, delay, fail, hang, jitter, reset, status } from './routes/troubles.js';

/** The routes of the target, by the first segment of the path. */
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
