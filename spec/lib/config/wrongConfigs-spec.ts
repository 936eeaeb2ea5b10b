import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { describe, it } from 'node:test';
import { isLeft } from 'fp-ts/lib/Either.js';
import { builtins } from '../../../lib/builtins/builtins.js';
import { issueText } from '../../../lib/codec/report/configError.js';
import { loadConfig } from '../../../lib/config/loadConfig.js';
import { WRONG_CONFIGS } from './wrongConfigs.js';

const GOLDEN = 'spec/lib/config/wrongConfigs.txt';

/** Everything that is said about a config: its errors with drawings, or its warnings. */
async function messagesOf(text: string): Promise<string> {
  const deps = { env: {}, stdin: Readable.from([text]) };
  const loaded = await loadConfig('-', { registry: builtins(), ...deps })();
  const said = isLeft(loaded)
    ? `${loaded.left.message}${loaded.left.hint === undefined ? '' : ` (${loaded.left.hint})`}`
    : loaded.right.warnings.map((warning) => `warning: ${issueText(warning, 'stdin')}`).join('\n');
  return said.replaceAll(process.cwd(), '.');
}

// The golden file is read by people: a message that a stranger would not understand is a defect, although the spec passes.
// `ELPIS_UPDATE=1 node scripts/spec.mjs wrongConfigs` writes it.
describe('the messages about wrong configs', () => {
  it('are those of the golden file', async () => {
    const parts: string[] = [];
    for (const [sentence, text] of WRONG_CONFIGS) parts.push(`# ${sentence}\n${await messagesOf(text)}\n`);
    const all = parts.join('\n');
    if (process.env.ELPIS_UPDATE === '1') writeFileSync(GOLDEN, all);
    assert.equal(all, readFileSync(GOLDEN, 'utf8'));
  });

  it('are there for each, and leak nothing of a parser or of Elpis', async () => {
    assert.ok(WRONG_CONFIGS.length >= 100, String(WRONG_CONFIGS.length));
    for (const [sentence, text] of WRONG_CONFIGS) {
      const said = await messagesOf(text);
      assert.notEqual(said, '', `${sentence}: nothing is said`);
      assert.doesNotMatch(said, /parseAllDocuments|undefined|\[object|token|unexpected error|internal/i, sentence);
    }
  });
});
