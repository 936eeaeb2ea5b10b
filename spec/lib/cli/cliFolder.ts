import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';

export const HTTP = { type: 'http', target: '127.0.0.1:1' };

/** A pool of one shot. */
export const pool = (ammo: unknown, id = 'main', gun: unknown = HTTP): unknown => ({
  ...{ id, ammo, gun },
  result: { type: 'discard' },
  rps: { type: 'once', times: 1 },
  startup: { type: 'once', times: 1 },
});

/** A module with a gun of another package. */
export const PLUGIN = `
import { component, optional, struct, text } from 'elpis';
import { EMPTY } from 'rxjs';
export const gun = component({
  kind: 'gun', name: 'third-party', summary: 'A gun of another package.',
  options: struct('third-party gun', { word: optional(text, 'hi', 'a word') }),
  create: () => ({ create: () => ({ shoot: () => EMPTY }) }),
});
`;

/** A temporary folder for the files of a spec, which is removed after its tests. */
export function cliFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'elpis-cli-'));
  after(() => rmSync(folder, { recursive: true }));
  const write = (name: string, content: string): string => {
    const file = join(folder, name);
    writeFileSync(file, content);
    return file;
  };
  const config = (name: string, ...pools: unknown[]): string => write(name, JSON.stringify({ pools }));
  return { folder, write, config };
}
