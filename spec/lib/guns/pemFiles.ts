import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';

/**
 * A folder for the certificates and keys of a spec file, removed after its tests.
 *
 * @returns Writes a file into it, and returns its path.
 */
export function pemFiles(): (name: string, text: string) => string {
  const folder = mkdtempSync(join(tmpdir(), 'elpis-pem-'));
  after(() => rmSync(folder, { recursive: true }));
  return (name, text) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
}
