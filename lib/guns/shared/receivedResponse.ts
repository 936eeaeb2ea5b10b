import type { TransportResponse } from '../../protocols/transport.js';
import { headersOf, type ResponseRecorder } from '../../wire/http1/capture.js';
import type { Body } from '../../wire/unpack.js';

/** Name of the counter in samples of responses longer than `max-body`. */
export const CUT_BODIES = 'bodies cut at max-body';

/** A response as received, before it is unpacked. */
export interface ReceivedResponse {
  readonly status: number;
  readonly headers: TransportResponse['headers'];
  readonly encoding: string | undefined;
  readonly body: Body;
}

/** What a recorder has kept of a response, for a transport. */
export const receivedResponse = (recorder: ResponseRecorder): ReceivedResponse => ({
  status: recorder.status,
  headers: headersOf(recorder),
  encoding: recorder.header('content-encoding'),
  body: { bytes: recorder.body, truncated: recorder.truncated },
});
