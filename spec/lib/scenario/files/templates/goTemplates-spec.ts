import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { htmlTemplate } from '../../../../../lib/scenario/files/templates/html/escapeTree.js';
import { textTemplate } from '../../../../../lib/scenario/files/templates/template.js';
import { TemplateError } from '../../../../../lib/scenario/files/templates/templateError.js';
import { DATA, GO_CASES, type GoCase } from './goCases.js';
import { goData } from './goData.js';

const VECTORS = 'spec/vectors/go-templates.json';

/** What Go renders: an output, or an error. */
interface GoResult {
  readonly output: string;
  readonly error?: string;
}

type Vector = GoCase & GoResult;

function renderedByGo(): readonly Vector[] {
  const input = JSON.stringify(GO_CASES.map((each) => ({ ...each, data: DATA })));
  const options = { cwd: 'scripts/go/templates', input, encoding: 'utf8' } as const;
  const results = JSON.parse(execFileSync('go', ['run', 'main.go'], options)) as GoResult[];
  return GO_CASES.map((each, i) => ({ ...each, ...(results[i] as GoResult) }));
}

const hasGo = spawnSync('go', ['version']).status === 0;
// With UPDATE=1 the vectors are written anew.
if (hasGo && process.env.UPDATE === '1') {
  const lines = renderedByGo().map((vector) => JSON.stringify(vector));
  writeFileSync(VECTORS, `[\n${lines.join(',\n')}\n]\n`);
}
const vectors = JSON.parse(readFileSync(VECTORS, 'utf8')) as readonly Vector[];

function rendered({ templater, template }: GoCase): string {
  const print = { numbers: 'go' } as const;
  const read = templater === 'html' ? htmlTemplate(template, print) : textTemplate(template, print);
  return read.render(goData(DATA), () => 0);
}

describe('templates render what Go renders', () => {
  for (const vector of vectors) {
    const { templater, template, output, error } = vector;
    it(`${templater} ${JSON.stringify(template)}`, () => {
      if (error === undefined) assert.equal(rendered(vector), output);
      else assert.throws(() => rendered(vector), TemplateError, error);
    });
  }

  it('the vectors are those of the cases', () => {
    assert.deepEqual(
      vectors.map(({ templater, template }) => ({ templater, template })),
      GO_CASES,
    );
  });

  it('the vectors are what Go renders here', { skip: hasGo ? false : 'there is no Go' }, () => {
    assert.deepEqual(
      renderedByGo().map(({ output, error }) => (error === undefined ? output : 'an error')),
      vectors.map(({ output, error }) => (error === undefined ? output : 'an error')),
    );
  });
});
