import type { Bytes } from '../../core/units.js';
import { DEFAULT_WINDOW, MAX_FRAME, MAX_WINDOW, SETTING, uint32 } from './frames.js';
import { DEFAULT_TABLE } from './hpack/dynamicTable.js';
import { ERROR_CODE } from './http2Error.js';

/** Streams at a time before the peer has said how many it takes: the number that Go's client assumes. */
const ASSUMED_STREAMS = 100;
/** The largest frame size that a peer may name. */
const MAX_FRAME_SIZE = 2 ** 24 - 1;

/** A setting that is not allowed. */
export interface SettingsProblem {
  readonly code: number;
  readonly message: string;
}

/** The settings of the peer, as far as a client needs them. */
export class PeerSettings {
  maxStreams = ASSUMED_STREAMS;
  window = DEFAULT_WINDOW;
  /** The largest header list that the peer takes. */
  maxHeaderList: Bytes = Number.POSITIVE_INFINITY;
  /** True when the next header block must begin with a change of the table size, because the peer has made its table smaller. */
  resizesTable = false;
  /** True when the first SETTINGS have arrived. */
  received = false;

  /** Applies the payload of a SETTINGS frame. Returns the first setting that is not allowed. */
  apply(bytes: Uint8Array, start: number, end: number): SettingsProblem | undefined {
    // Without this setting in the first SETTINGS there is no limit.
    if (!this.received) this.maxStreams = Number.POSITIVE_INFINITY;
    this.received = true;
    for (let at = start; at < end; at += 6) {
      const id = (bytes[at] as number) * 256 + (bytes[at + 1] as number);
      const problem = this.#set(id, uint32(bytes, at + 2));
      if (problem !== undefined) return problem;
    }
    return undefined;
  }

  #set(id: number, value: number): SettingsProblem | undefined {
    switch (id) {
      case SETTING.headerTableSize:
        if (value < DEFAULT_TABLE) this.resizesTable = true;
        return undefined;
      case SETTING.enablePush:
        if (value === 0) return undefined;
        return { code: ERROR_CODE.protocolError, message: `ENABLE_PUSH ${value} from a server` };
      case SETTING.maxConcurrentStreams:
        this.maxStreams = value;
        return undefined;
      case SETTING.initialWindowSize:
        if (value > MAX_WINDOW) return { code: ERROR_CODE.flowControlError, message: `INITIAL_WINDOW_SIZE ${value}` };
        this.window = value;
        return undefined;
      case SETTING.maxHeaderListSize:
        this.maxHeaderList = value;
        return undefined;
      case SETTING.maxFrameSize:
        if (value >= MAX_FRAME && value <= MAX_FRAME_SIZE) return undefined;
        return { code: ERROR_CODE.protocolError, message: `MAX_FRAME_SIZE ${value}` };
      default:
        return undefined;
    }
  }
}
