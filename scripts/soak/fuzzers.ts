import type { Fuzzer } from './fuzzer.js';
import { ammoOnAnything } from './fuzzers/ammo.js';
import { configsOfAnyKind } from './fuzzers/config.js';
import { exchangesOnAnything, exchangesOnValid } from './fuzzers/exchanges.js';
import { grpcMessagesOnAnything, grpcMessagesOnValid } from './fuzzers/grpcMessages.js';
import { http2OnAnything, http2OnFrames } from './fuzzers/http2.js';
import { parserOnAnything, parserOnValid, parserWithCache } from './fuzzers/parser.js';
import { plansInOrder } from './fuzzers/plans.js';
import { plansByHand } from './fuzzers/plansByHand.js';
import { runsInVirtualTime } from './fuzzers/runs.js';
import { signalsAtAnyMoment } from './fuzzers/signals.js';
import { socketsThatFail } from './fuzzers/sockets.js';
import { streamsThatFail } from './fuzzers/streams.js';
import { threadsThatEnd } from './fuzzers/threads.js';

/** All fuzzers, in the order in which a round tries them. */
export const FUZZERS: readonly Fuzzer[] = [
  parserOnValid,
  parserWithCache,
  parserOnAnything,
  exchangesOnValid,
  exchangesOnAnything,
  grpcMessagesOnValid,
  grpcMessagesOnAnything,
  http2OnFrames,
  http2OnAnything,
  ...ammoOnAnything,
  plansInOrder,
  plansByHand,
  runsInVirtualTime,
  configsOfAnyKind,
  socketsThatFail,
  signalsAtAnyMoment,
  streamsThatFail,
  threadsThatEnd,
];
