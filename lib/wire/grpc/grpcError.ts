import type { GrpcFailure } from './grpcFailure.js';
import { statusName } from './grpcStatus.js';

/** A call that ended with a status other than OK, or without a status of the server. */
export class GrpcError extends Error {
  override readonly name = 'GrpcError';

  /**
   * @param status The status, or the one that stands for the failure.
   * @param reason The text of the status, or what happened.
   * @param failure What failed; absent for a status of the server.
   */
  constructor(
    readonly status: number,
    readonly reason: string,
    readonly failure?: GrpcFailure,
  ) {
    super(
      reason === ''
        ? (failure?.errorName ?? statusName(status))
        : `${failure?.errorName ?? statusName(status)}: ${reason}`,
    );
  }
}
