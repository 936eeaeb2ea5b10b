import { NET_FAILURE } from '../../protocols/netFailure.js';
import { type Origin, originText } from '../dial/origin.js';
import { ExchangeError } from '../exchangeError.js';

/** The peer does not speak HTTP/2. */
export class NotHttp2Error extends ExchangeError {
  constructor(
    readonly origin: Origin,
    why: string,
  ) {
    super(NET_FAILURE.notHttp2, `${originText(origin)} does not speak HTTP/2: ${why}`);
  }
}
