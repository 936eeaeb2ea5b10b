import { isLeft } from 'fp-ts/lib/Either.js';
import { builtins } from '../builtins/builtins.js';
import { drawIssues } from '../codec/report/configError.js';
import { issuesOf } from '../codec/report/issues.js';
import { decodeConfig } from '../config/decodeConfig.js';
import { ElpisError } from '../core/errors.js';
import { createLog } from './createLog.js';
import { EXIT_CODES } from './exitCodes.js';
import { realDeps } from './loadRun.js';
import { type RunCommandOptions, runLoaded } from './runCommand.js';
import type { SignalSource } from './signals.js';
import { type Io, printError } from './terminal.js';

/** Options of `elpis hit`, as text from the command line. */
export interface HitOptions {
  /** Shots per second; undefined for a closed loop. */
  readonly rps?: number;
  /** The duration, such as `30s`. */
  readonly for: string;
  readonly instances: number;
  readonly method?: string;
  /** `Name: value` each. */
  readonly header: readonly string[];
  readonly body?: string;
  readonly pacing: string;
}

function headersOf(lines: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      if (colon < 1) {
        throw new ElpisError('ELPIS_USAGE', `--header ${JSON.stringify(line)}: expected "Name: value"`);
      }
      return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
    }),
  );
}

/**
 * The config of `elpis hit`: one pool, one request, one schedule, a summary.
 *
 * @throws ElpisError `ELPIS_USAGE` for a URL or a header that cannot be understood.
 */
function hitConfig(address: string, options: HitOptions): unknown {
  const written = /^[a-z][a-z\d+.-]*:\/\//i.test(address) ? address : `http://${address}`;
  if (!URL.canParse(written) || !/^https?:/i.test(written)) {
    throw new ElpisError('ELPIS_USAGE', `${JSON.stringify(address)} is not an http or https URL`, {
      hint: 'for example http://127.0.0.1:8080/path',
    });
  }
  const url = new URL(written);
  const ssl = url.protocol === 'https:';
  const port = url.port === '' ? (ssl ? 443 : 80) : Number(url.port);
  const { rps, body, method = body === undefined ? 'GET' : 'POST', header, instances, pacing } = options;
  const request = {
    method,
    host: url.host,
    uri: url.pathname + url.search,
    headers: headersOf(header),
    body: body ?? '',
  };
  return {
    pools: [
      {
        id: url.host,
        gun: { type: 'http', target: `${url.hostname}:${port}`, ssl },
        ammo: { type: 'http/json', file: { type: 'inline', data: JSON.stringify(request) } },
        result: { type: 'discard' },
        rps:
          rps === undefined
            ? { type: 'unlimited', duration: options.for }
            : { type: 'const', ops: rps, duration: options.for },
        startup: { type: 'once', times: instances },
        pacing,
      },
    ],
  };
}

/** `elpis hit`: shoots one URL without a config; it prints the same as `run`. */
export async function hitCommand(
  address: string,
  options: HitOptions & RunCommandOptions,
  io: Io,
  source: SignalSource,
): Promise<number> {
  try {
    const value = hitConfig(address, options);
    const decoded = decodeConfig(value, builtins());
    if (isLeft(decoded)) {
      printError(new ElpisError('ELPIS_USAGE', drawIssues(issuesOf(decoded.left), { name: 'elpis hit' })), io);
      return EXIT_CODES.badUsage;
    }
    const deps = realDeps(io, createLog({ level: options.quiet === true ? 'error' : 'warn', file: 'stderr' }, io));
    return await runLoaded({ config: decoded.right, deps }, options, io, source);
  } catch (error) {
    printError(error, io);
    return EXIT_CODES.badUsage;
  }
}
