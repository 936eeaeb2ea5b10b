import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import * as exported from '../../lib/scenario/index.js';
import { scenarioPage } from './scenarioPage.js';

const ROOT = new URL('../../', import.meta.url);
const PAGE = new URL('docs/SCENARIO.md', ROOT);

describe('docs/SCENARIO.md', () => {
  if (process.env.UPDATE === '1') writeFileSync(PAGE, scenarioPage(ROOT));
  const page = readFileSync(PAGE, 'utf8');

  it('is made from the docstrings; npm run api writes it', () => assert.equal(page, scenarioPage(ROOT)));

  it('has a section with a sentence and an example for each function of elpis/scenario', () => {
    const sections = page.split(/^### /m).slice(1);
    const names = sections.map((section) => section.slice(0, section.indexOf('\n')));
    const functions = Object.entries(exported)
      .filter(([, value]) => typeof value === 'function' && !/^class /.test(String(value)))
      .map(([name]) => name);
    assert.deepEqual(names.sort(), functions.sort());
    for (const section of sections) assert.match(section, /^\w+\n\n\S[\s\S]*```ts\n/);
  });

  it('has a picture for each step that is not a short form of another', () => {
    const short = /^(get|post|put|patch|del|head)\n/;
    const steps = page.slice(page.indexOf('\n## Steps'), page.indexOf('\n## Checks')).split(/^### /m).slice(1);
    const bare = steps.filter((step) => !step.includes('```text') && !short.test(step));
    assert.deepEqual(
      bare.map((step) => step.slice(0, step.indexOf('\n'))),
      [],
    );
  });
});
