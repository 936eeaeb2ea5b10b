import type { Peer } from '../peers/peer.js';
import type { Nginx } from '../support/startNginx.js';
import type { Recorder } from '../support/startRecorder.js';

/** What a row may use. */
export interface Bench {
  readonly rounds: number;
  readonly seconds: number;
  /** Only Elpis and this program: the name of a peer, or the folder of another built checkout of Elpis. */
  readonly pair: string | undefined;
  /** The peers that are installed. */
  readonly peers: readonly Peer[];
  nginx(): Promise<Nginx>;
  recorder(): Promise<Recorder>;
  /** Prints a line about the progress. */
  say(text: string): void;
}

/** One number. Ratios have the unit `x`. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
}

/** One thing that is measured. */
export interface Row {
  readonly name: string;
  readonly title: string;
  run(bench: Bench): Promise<readonly Figure[]>;
}
