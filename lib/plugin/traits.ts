import type { CodecIssue } from '../codec/issue.js';
import type { Endpoint } from '../codec/net.js';
import type { IssueSource } from '../codec/report/document.js';
import type { Path } from '../codec/report/path.js';
import type { Bytes, Millis } from '../core/units.js';

/** A kind of ammo: the `protocol` of every ammo of that kind, such as `http` or `number`. */
export type AmmoKind = string;

/** The connections that the guns of a pool open to one address. */
export interface ConnectionTraits {
  readonly target: Endpoint;
  /** False when every shot opens a connection of its own. */
  readonly keepAlive: boolean;
  /** How long an unused connection stays open; 0: for ever. */
  readonly idleMs: Millis;
  /** True when instances share connections instead of having one each. */
  readonly shared: boolean;
  /** The local addresses that connections begin at, in turn. Absent or empty: the system chooses. */
  readonly localAddresses?: readonly string[];
  /** For a gun with a connection for each host of its ammo: of how many hosts an instance keeps them. Absent: one for all hosts. */
  readonly hosts?: number;
}

/** The first bytes of a source. */
export interface Peek {
  readonly bytes: Buffer;
  /** True when these are all bytes of the source. */
  readonly whole: boolean;
}

/** A file that a component opens. No two components may write one, and none may read what another writes. */
export interface FileUse {
  readonly path: string;
  readonly access: 'read' | 'write';
  /** The key of the options that names it, with dots for maps inside; absent for the component itself. */
  readonly key?: string;
}

/** Why a gun would fail with an ammo. */
export interface AmmoFault {
  readonly message: string;
  readonly hint?: string;
  /** The way to the part of the ammo that is wrong, with the names of its format. Absent: the ammo as a whole. */
  readonly path?: Path;
  /** `key` when the format has no such key there. */
  readonly part?: 'key' | 'value';
}

/** An ammo that is checked before a run. */
export interface PeekedAmmo {
  /** As the gun gets it; what is not known before the run is marked as such. */
  readonly ammo: unknown;
  /** Where it is written. Absent: in the config. */
  readonly written?: {
    readonly source: IssueSource;
    /** The way to it in that source. */
    readonly path: Path;
  };
}

/**
 * What other parts must know about a configured component. Every key is optional. An absent key means unknown; it is
 * never guessed from a name or from the keys of the options.
 */
export interface ComponentTraits {
  schedule: {
    /** The files that it opens. */
    readonly files?: readonly FileUse[];
    /** True when its operations, or a part of them, exist only by demand and have no planned times. */
    readonly unlimited?: boolean;
  };
  provider: {
    /** The files that it opens. */
    readonly files?: readonly FileUse[];
    /** Which kinds of ammo it emits. */
    readonly makes?: readonly AmmoKind[];
    /** True when it never completes. */
    readonly endless?: boolean;
    /** Reads standard input, which one thread can do. */
    readonly stdin?: boolean;
    /** What is accepted and probably not meant in the files that it reads. */
    readonly warnings?: readonly CodecIssue[];
    /** For scenarios: how many requests the first scenarios of a run send, when none fails. */
    readonly requestsIn?: (scenarios: number) => number;
    /** The names of all scenarios that it plays. Absent: not known. */
    readonly scenarios?: readonly string[];
    /** All tags of its ammo, when its whole source has at most so many bytes; otherwise undefined. Absent: not known. */
    readonly tags?: (limit: Bytes) => readonly string[] | undefined;
    /** How many hosts the requests at the beginning of its source are for. Absent: not known. */
    readonly hosts?: (limit: Bytes) => number;
    /** The ammo that the first bytes of its source hold, while the config is checked; items that cannot be decoded are among them. */
    readonly first?: (limit: Bytes) => readonly PeekedAmmo[];
  };
  gun: {
    /** The files that it opens. */
    readonly files?: readonly FileUse[];
    /** Which kinds of ammo it can shoot. Absent: any. */
    readonly takes?: readonly AmmoKind[];
    /** Its protocol in messages, such as `HTTP/1.1`. */
    readonly protocol?: string;
    readonly connections?: ConnectionTraits;
    /** A shot without a response for so long fails. */
    readonly timeoutMs?: Millis;
    /**
     * Finds the faults of an ammo from files alone, while the config is checked. Absent: only the target knows. The promise is rejected
     * when the files cannot be used, with an `OptionError` that has the key of the option.
     */
    readonly ammoFaults?: () => Promise<(ammo: unknown) => readonly AmmoFault[]>;
    /** False when a shot is recorded under the tag of its ammo. Absent: not known. */
    readonly retags?: boolean;
    /** The tag under which a shot with that ammo is recorded. Absent: the tag of the ammo. */
    readonly tagOf?: (ammo: unknown) => string;
    /** For a gun that plays scenarios: how long it keeps their cookies. */
    readonly cookies?: 'instance' | 'scenario' | 'off';
    /** For a gun that plays scenarios: the limit of one from its start to its end; 0 for none. */
    readonly scenarioTimeoutMs?: Millis;
    /** For a gun that plays scenarios: false when files of results have the samples of requests only. Default true. */
    readonly writesScenarios?: boolean;
  };
  aggregator: {
    /** The files that it opens. */
    readonly files?: readonly FileUse[];
    /** Writes to standard output, which then must carry nothing else. */
    readonly stdout?: boolean;
  };
  source: {
    /** The files that it opens. */
    readonly files?: readonly FileUse[];
    /** Reads standard input, which one thread can do. */
    readonly stdin?: boolean;
    /**
     * Returns its first bytes without consuming them, while the config is checked; undefined when that is impossible.
     */
    readonly peek?: (limit: Bytes) => Peek | undefined;
  };
  sink: {
    /** The files that it opens. */
    readonly files?: readonly FileUse[];
    /** Writes to standard output, which then must carry nothing else. */
    readonly stdout?: boolean;
  };
  middleware: {
    /** The files that it opens. */
    readonly files?: readonly FileUse[];
    /** Which kinds of ammo it can change. Absent: any. */
    readonly takes?: readonly AmmoKind[];
  };
  observer: {
    /** The files that it opens. */
    readonly files?: readonly FileUse[];
    /** Writes to standard output, which then must carry nothing else. */
    readonly stdout?: boolean;
    /** Writes a file. */
    readonly file?: boolean;
    /** Sends to another program, which a rehearsal must not. */
    readonly sends?: boolean;
    /** Controls pools while they run, so their schedules must be steerable. */
    readonly steers?: boolean;
  };
  operator: {
    /** The files that it opens. */
    readonly files?: readonly FileUse[];
    /** At `shots`: true when the kind of the ammo stays. Absent: not known. */
    readonly keepsAmmo?: boolean;
  };
}

/** The files of a component inside another, under the key that holds it. */
export function filesUnder(
  key: string,
  inside: { readonly traits: { readonly files?: readonly FileUse[] } } | undefined,
): { readonly files?: readonly FileUse[] } {
  const files = inside?.traits.files;
  return files === undefined ? {} : { files: files.map((file) => ({ ...file, key })) };
}
