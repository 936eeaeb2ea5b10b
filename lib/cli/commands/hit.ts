import { isLeft } from 'fp-ts/lib/Either.js';
import { builtins } from '../../builtins/builtins.js';
import { atLeast } from '../../codec/bounds.js';
import { atLeastMs, durationText } from '../../codec/duration.js';
import { drawIssues } from '../../codec/report/configError.js';
import { issuesOf } from '../../codec/report/issues.js';
import { integer, nonEmpty, oneOf, text } from '../../codec/scalars.js';
import { decodeConfig } from '../../config/decodeConfig.js';
import { ElpisError } from '../../core/errors.js';
import { anySeed } from '../../time/seededRandom.js';
import { command, flag, type Given, list, requiredArgument, value } from '../command.js';
import { createLog } from '../createLog.js';
import { realDeps } from '../loadRun.js';
import { above0 } from '../overriding.js';
import { outputsOf, SHOOTING } from '../shooting.js';
import { runLoaded } from '../watchRun.js';

const OPTIONS = {
  url: requiredArgument('the address of the target'),
  rps: value('n', above0, 'shots per second; by default as fast as the instances get responses'),
  for: value('duration', atLeastMs(1), 'length of the run', { fallback: '30s' }),
  instances: value('n', atLeast(integer, 1), 'shots at the same time', { fallback: '50' }),
  method: value('word', nonEmpty, 'HTTP method; by default GET, or POST with a body'),
  timeout: value('duration', atLeastMs(0), 'time limit of a shot with its body; 0s = no limit', {
    fallback: '30s',
  }),
  header: list('line', text, "'Name: value'"),
  body: value('text', text, 'body of the request'),
  http2: flag('speak HTTP/2; without TLS by prior knowledge'),
  pacing: value('word', oneOf(['relaxed', 'precise']), 'relaxed or precise', { fallback: 'relaxed' }),
  ...SHOOTING,
};

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
 * @throws ElpisError `ELPIS_USAGE` for an invalid URL or header.
 */
function hitConfig({ url: address, ...options }: Given<typeof OPTIONS>): unknown {
  const written = /^[a-z][a-z\d+.-]*:\/\//i.test(address) ? address : `http://${address}`;
  if (!URL.canParse(written) || !/^https?:/i.test(written)) {
    throw new ElpisError('ELPIS_USAGE', `${JSON.stringify(address)} is not an http or https URL`, {
      hint: 'for example http://127.0.0.1:8080/path',
    });
  }
  const url = new URL(written);
  const ssl = url.protocol === 'https:';
  const port = url.port === '' ? (ssl ? 443 : 80) : Number(url.port);
  const duration = durationText(options.for);
  const {
    rps,
    body,
    method = body === undefined ? 'GET' : 'POST',
    timeout,
    header,
    instances,
    pacing,
    http2,
  } = options;
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
        gun: {
          type: http2 ? 'http2' : 'http',
          target: `${url.hostname}:${port}`,
          ssl,
          'request-timeout': durationText(timeout),
        },
        ammo: { type: 'http/json', file: { type: 'inline', data: JSON.stringify(request) } },
        result: { type: 'discard' },
        rps: rps === undefined ? { type: 'unlimited', duration } : { type: 'const', ops: rps, duration },
        startup: { type: 'once', times: instances },
        pacing,
      },
    ],
  };
}

/** `elpis hit`: shoots at one URL without a config; its output is that of `run`. */
export const hitCommand = command({
  name: 'hit',
  describe: 'shoot at one URL, without a config',
  options: OPTIONS,
  run: async (options, io, signals) => {
    outputsOf(options);
    const value = hitConfig(options);
    const decoded = decodeConfig(value, builtins());
    if (isLeft(decoded)) {
      throw new ElpisError('ELPIS_USAGE', drawIssues(issuesOf(decoded.left), { name: 'elpis hit' }));
    }
    const { seed = anySeed() } = options;
    const deps = realDeps(io, createLog({ level: options.quiet ? 'error' : 'warn', file: 'stderr' }, io), seed);
    return runLoaded({ config: decoded.right, deps, seed }, options, io, signals);
  },
});
