import { readFileSync } from 'node:fs';
import { defined } from '../core/defined.js';

/** The limits of this process. An unknown limit is undefined and not checked. */
export interface SystemLimits {
  /**
   * How many files, including connections, the process may have open. Node raises it to the hard limit when it starts.
   */
  readonly openFiles?: number;
  /** The first and the last local port for connections; 0 to 65535. */
  readonly ports?: readonly [first: number, last: number];
  /** Connections to these targets can reuse a port in TIME_WAIT after 1 s, connections to others after 60 s. */
  readonly portsReused?: 'never' | 'loopback' | 'always';
}

const REUSE = new Map([
  ['0', 'never'],
  ['1', 'always'],
  ['2', 'loopback'],
] as const);

function readOrNothing(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/**
 * Reads the limits of this process from Linux's `/proc`; on other systems all are unknown.
 *
 * @param read Returns the text of a file, empty when there is none.
 */
export function systemLimits(read: (path: string) => string = readOrNothing): SystemLimits {
  const soft = /^Max open files +(\d+)/m.exec(read('/proc/self/limits'))?.[1];
  const range = /^(\d+)\s+(\d+)/.exec(read('/proc/sys/net/ipv4/ip_local_port_range'));
  const reused = REUSE.get(read('/proc/sys/net/ipv4/tcp_tw_reuse').trim() as '0' | '1' | '2');
  return {
    ...(soft === undefined ? {} : { openFiles: Number(soft) }),
    ...(range === null ? {} : { ports: [Number(range[1]), Number(range[2])] as const }),
    ...defined({ portsReused: reused }),
  };
}
