import { Buffer } from 'node:buffer';
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { constants, gunzipSync } from 'node:zlib';
import type { Bytes } from '../../core/units.js';
import type { ConfiguredComponent } from '../../plugin/configured.js';

/** The first bytes of a source. */
export interface Peek {
  readonly bytes: Buffer;
  /** True when there are no more. */
  readonly whole: boolean;
}

const LARGEST_UNPACKED: Bytes = 256 * 1024 * 1024;

function readStart(path: string, limit: Bytes): Peek | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  // Reading ahead from a pipe would take from it.
  if (stat?.isFile() !== true) return undefined;
  const bytes = Buffer.alloc(Math.min(limit, stat.size));
  const file = openSync(path, 'r');
  try {
    const size = readSync(file, bytes, 0, bytes.length, 0);
    return { bytes: bytes.subarray(0, size), whole: size >= stat.size };
  } finally {
    closeSync(file);
  }
}

function unpacked(peek: Peek): Peek | undefined {
  if (peek.bytes[0] !== 0x1f || peek.bytes[1] !== 0x8b) return peek;
  try {
    const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: LARGEST_UNPACKED };
    return { bytes: gunzipSync(peek.bytes, options), whole: peek.whole };
  } catch {
    // Too large or broken: the reading itself will tell.
    return undefined;
  }
}

/**
 * Looks at the start of a chosen source while the config is read. Only files and inline data can be looked at without
 * taking anything away.
 *
 * @param limit How many bytes are read at most, before they are unpacked.
 */
export function peekSource(chosen: ConfiguredComponent<'source'>, limit: Bytes): Peek | undefined {
  const { path, data } = Object(chosen.config) as { readonly path?: unknown; readonly data?: unknown };
  if (chosen.name === 'inline' && typeof data === 'string') return { bytes: Buffer.from(data), whole: true };
  if (chosen.name !== 'file' || typeof path !== 'string') return undefined;
  const start = readStart(path, limit);
  return start === undefined ? undefined : unpacked(start);
}
