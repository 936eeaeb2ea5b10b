import { take } from 'rxjs';
import { unsigned } from '../../codec/scalars.js';
import { defined } from '../../core/defined.js';
import type { Provider } from '../../core/provider.js';
import { isHttpAmmo } from '../../protocols/http.js';
import { isScenarioAmmo } from '../../scenario/scenarioAmmo.js';
import { ALLOW_PLUGINS, command, configArgument, flag, value } from '../command.js';
import { EXIT_CODES } from '../exitCodes.js';
import { loadRun } from '../loadRun.js';
import { type Io, printError, writeAll } from '../terminal.js';

/** Bytes that are not valid UTF-8. */
export interface Base64 {
  readonly base64: string;
}

/** A decoded ammo as plain data; only `pool`, `id` and `tag` for ammo that is not an HTTP request. */
export interface AmmoJson {
  readonly pool: string;
  readonly id: number;
  readonly tag: string;
  readonly method?: string;
  readonly requestTarget?: string;
  /** The Host header of the ammo; empty when the gun fills in the host of its target. */
  readonly host?: string;
  readonly headers?: Readonly<Record<string, readonly string[]>>;
  readonly body?: string | Base64 | null;
  /** The reason that the item cannot be sent. */
  readonly problem?: string;
  /** The name of the scenario that is played. */
  readonly scenario?: string;
  /** The requests of a scenario from a file, as the items of its list. */
  readonly requests?: readonly string[];
  /** The value of ammo of another kind, if it is plain data. */
  readonly value?: unknown;
}

function bodyJson(body: Uint8Array | null): string | Base64 | null {
  if (body === null) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return { base64: Buffer.from(body).toString('base64') };
  }
}

/** Describes a decoded ammo as plain data. */
function ammoJson(pool: string, ammo: unknown): AmmoJson {
  const { id = 0, tag = '' } = (ammo ?? {}) as { readonly id?: number; readonly tag?: string };
  if (isScenarioAmmo(ammo)) {
    const { scenario, requests } = ammo;
    return { pool, id, tag, scenario: scenario.name, ...defined({ requests }) };
  }
  if (!isHttpAmmo(ammo)) return { pool, id, tag, value: ammo };
  const { method, target, host, headers, body } = ammo.request;
  const byName: Record<string, string[]> = {};
  for (const [name, value] of headers) {
    byName[name] ??= [];
    byName[name].push(value);
  }
  const { problem } = ammo;
  const request = { pool, id, tag, method, requestTarget: target, host, headers: byName, body: bodyJson(body) };
  return problem === undefined ? request : { ...request, problem };
}

/** One decoded ammo as a line of text. */
function line(ammo: unknown): string {
  const { id, tag, method, requestTarget, host, body, problem, scenario, requests } = ammoJson('', ammo);
  if (problem !== undefined) return `     -  cannot be sent: ${problem}`;
  if (scenario !== undefined) {
    const steps = requests === undefined ? '' : `: ${requests.join(', ')}`;
    return `${String(id).padStart(6)}  ${scenario}${steps}`;
  }
  if (method === undefined) return JSON.stringify(ammoJson('', ammo));
  const bytes =
    body == null ? 0 : typeof body === 'string' ? Buffer.byteLength(body) : Buffer.from(body.base64, 'base64').length;
  const size = bytes > 0 ? `  (${bytes} bytes)` : '';
  const where = host === '' || host === undefined ? '' : `  host ${host}`;
  return `${String(id).padStart(6)}  ${method} ${requestTarget}${where}${tag === '' ? '' : `  tag ${tag}`}${size}`;
}

async function showAmmo(
  location: string | undefined,
  { limit, json, allowPlugins }: { readonly limit: number; readonly json: boolean; readonly allowPlugins: boolean },
  streams: Io,
): Promise<number> {
  const loaded = await loadRun(location, streams, { quiet: json, allowPlugins });
  if (loaded === undefined) return EXIT_CODES.badUsage;
  const { io } = loaded;
  let code: number = EXIT_CODES.ok;
  for (const pool of loaded.config.pools) {
    const lines: string[] = [];
    try {
      const provider: Provider = pool.ammo.create(loaded.deps);
      await new Promise<void>((resolve, reject) => {
        provider.pipe(take(limit)).subscribe({
          next: (ammo) => lines.push(json ? JSON.stringify(ammoJson(pool.id, ammo)) : line(ammo)),
          error: reject,
          complete: resolve,
        });
      });
    } catch (error) {
      printError(error, io);
      code = EXIT_CODES.runFailed;
    }
    if (!json) io.stdout.write(`${pool.id}\n`);
    await writeAll(
      io.stdout,
      lines.map((text) => `${text}\n`),
    );
  }
  return code;
}

/** `elpis ammo`: shows the first decoded requests of each pool, exactly as a gun receives them. */
export const ammoCommand = command({
  name: 'ammo',
  describe: 'show the requests that the ammo decodes to, without shooting',
  options: {
    config: configArgument,
    limit: value('n', unsigned, 'number of requests of each pool', { fallback: '10' }),
    json: flag('print JSON lines'),
    ...ALLOW_PLUGINS,
  },
  run: ({ config, ...options }, io) => showAmmo(config, options, io),
});
