import { EncodedCache } from '../encodedCache.js';
import { ResponseHeadCache } from './parser/headCache.js';
import { type EncodedRequest, type EncodeOptions, encodeRequest } from './request.js';

/** The encoded requests of an HTTP/1.1 gun. A request that is repeated also keeps the head of its last response. */
export class RequestCache extends EncodedCache<EncodedRequest> {
  constructor(readonly options: EncodeOptions) {
    super(
      (request) => encodeRequest(request, options),
      (encoded) => {
        encoded.heads ??= new ResponseHeadCache();
      },
    );
  }
}
