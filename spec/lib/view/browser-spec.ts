import assert from 'node:assert/strict';
import { builtinModules } from 'node:module';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const root = fileURLToPath(new URL('../../../', import.meta.url));

describe('lib/view in a browser', () => {
  for (const entry of ['runView.ts', 'tagRows.ts'])
    it(`${entry} is bundled without a module of Node`, async () => {
      const bundle = await rolldown({
        ...{ input: `${root}lib/view/${entry}`, platform: 'browser', logLevel: 'silent' },
        external: [/^node:/, ...builtinModules],
      });
      const { output } = await bundle.generate({ format: 'esm', minify: true });
      await bundle.close();
      assert.deepEqual(output[0].imports, []);
      assert.ok(output[0].code.length < 30_000, `${output[0].code.length} bytes`);
    });
});
