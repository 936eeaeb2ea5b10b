import { from, type Observable, take } from 'rxjs';
import { ammoJson } from './ammoJson.js';
import { EXIT_CODES } from './exitCodes.js';
import type { Io } from './io.js';
import { loadRun } from './loadRun.js';
import { printError } from './printError.js';
import { writeAll } from './writeAll.js';

/** One decoded ammo as a line for people. */
function line(ammo: unknown): string {
  const { id, tag, method, requestTarget, host, body, problem } = ammoJson('', ammo);
  if (problem !== undefined) return `     -  can not be sent: ${problem}`;
  if (method === undefined) return JSON.stringify(ammoJson('', ammo));
  const bytes =
    body == null ? 0 : typeof body === 'string' ? Buffer.byteLength(body) : Buffer.from(body.base64, 'base64').length;
  const size = bytes > 0 ? `  (${bytes} bytes)` : '';
  const where = host === '' || host === undefined ? '' : `  host ${host}`;
  return `${String(id).padStart(6)}  ${method} ${requestTarget}${where}${tag === '' ? '' : `  tag ${tag}`}${size}`;
}

/** `elpis ammo`: the first requests that each pool's ammo decodes to, exactly as a gun would get them. */
export async function ammoCommand(
  location: string | undefined,
  { limit, json = false }: { readonly limit: number; readonly json?: boolean },
  io: Io,
): Promise<number> {
  const loaded = await loadRun(location, io, { quiet: json });
  if (loaded === undefined) return EXIT_CODES.badUsage;
  let code: number = EXIT_CODES.ok;
  for (const pool of loaded.config.pools) {
    const lines: string[] = [];
    try {
      const provider: Observable<unknown> = from(pool.ammo.create(loaded.deps));
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
