import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { parseAllDocuments } from 'yaml';
import { meshCommand } from '../../lib/cli/commands/mesh.js';
import { runCommand } from '../../lib/cli/commands/run.js';
import { targetCommand } from '../../lib/cli/commands/target.js';
import { workerCommand } from '../../lib/cli/commands/worker.js';
import { parseArguments } from '../../lib/cli/parser.js';

const read = (name: string): string => readFileSync(fileURLToPath(new URL(`../../${name}`, import.meta.url)), 'utf8');
const COMMANDS = [runCommand, workerCommand, meshCommand, targetCommand];

/** The values of the documents of a YAML file. */
function documentsOf(name: string): readonly unknown[] {
  const documents = parseAllDocuments(read(`deploy/${name}`));
  for (const { errors } of documents) assert.deepEqual(errors, []);
  return documents.map((document) => document.toJS() as unknown);
}

/** The argument lists of containers, at any depth. */
function commandLines(value: unknown): readonly (readonly string[])[] {
  if (Array.isArray(value)) return value.flatMap(commandLines);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    (key === 'args' || key === 'command') && Array.isArray(inner) ? [inner as string[]] : commandLines(inner),
  );
}

/** Checks values by a schema of spec/vectors. Returns the errors as text. */
function checkedBy(schema: string): (value: unknown) => string {
  // The schemas have formats of their own, such as int32, and keywords beside types that Ajv would warn about.
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  const validate = ajv.compile(JSON.parse(read(`spec/vectors/${schema}.json`)) as object);
  return (value) => (validate(value) ? '' : ajv.errorsText(validate.errors));
}

describe('the files of deploy/', () => {
  for (const name of [
    'compose/compose.yaml',
    'kubernetes/workers.yaml',
    'kubernetes/run.yaml',
    'kubernetes/nats-values.yaml',
  ])
    it(`${name} is valid YAML, and its command lines are those of Elpis`, () => {
      const lines = documentsOf(name)
        .flatMap(commandLines)
        .filter(([first]) => first !== '-js');
      if (name !== 'kubernetes/nats-values.yaml') assert.ok(lines.length > 0);
      for (const line of lines) {
        const parsed = parseArguments(line, COMMANDS, process);
        assert.equal(typeof parsed, 'object', line.join(' '));
      }
    });

  for (const name of ['kubernetes/workers.yaml', 'kubernetes/run.yaml'])
    it(`${name} is a Job by the schema of Kubernetes, which knows each key and each type`, () => {
      const errorsOf = checkedBy('kubernetes-job');
      const documents = documentsOf(name);
      assert.deepEqual(documents.map(errorsOf), [''], name);
      const text = JSON.stringify(documents[0]);
      const broken = [
        ['"backoffLimit', '"backofLimit'],
        ['"mountPath"', '"path"'],
        ['"restartPolicy":"Never"', '"restartPolicy":1'],
        ['"batch/v1"', '"batch/v2"'],
      ] as const;
      for (const [from, to] of broken) {
        assert.ok(text.includes(from), from);
        assert.notEqual(errorsOf(JSON.parse(text.replace(from, to))), '', to);
      }
    });

  it('compose/compose.yaml is one by the schema of the Compose Specification', () => {
    const errorsOf = checkedBy('compose');
    const documents = documentsOf('compose/compose.yaml');
    assert.deepEqual(documents.map(errorsOf), ['']);
    const text = JSON.stringify(documents[0]);
    for (const [from, to] of [
      ['"depends_on"', '"depend_on"'],
      ['"replicas":4', '"replicas":"many"'],
      ['"ulimits"', '"ulimit"'],
    ] as const) {
      assert.ok(text.includes(from), from);
      assert.notEqual(errorsOf(JSON.parse(text.replace(from, to))), '', to);
    }
  });

  const unit = read('deploy/systemd/elpis-worker.service');

  it('the unit of systemd starts a worker with the options that exist', () => {
    const [, line = ''] = /^ExecStart=\S+elpis (.*)$/m.exec(unit) ?? [];
    assert.deepEqual(
      line.split(' ').filter((word) => word.startsWith('--')),
      ['--credentials', '--dir'],
    );
    assert.equal(line.split(' ')[0], 'worker');
  });

  it('systemd-analyze, where it is installed, reports nothing about the unit, and reports an unknown key', (test) => {
    if (spawnSync('systemd-analyze', ['--version']).error !== undefined) {
      test.diagnostic('systemd-analyze is not installed: the keys of the unit are not checked');
      return;
    }
    const folder = mkdtempSync(join(tmpdir(), 'elpis-unit-'));
    try {
      const verify = (text: string): string => {
        const path = join(folder, 'elpis-worker.service');
        // The program of the unit does not exist here.
        writeFileSync(path, text.replace('/usr/bin/elpis', process.execPath));
        return spawnSync('systemd-analyze', ['verify', path], { encoding: 'utf8' }).stderr;
      };
      assert.equal(verify(unit), '');
      assert.match(verify(unit.replace('RestartSec', 'RestartSecs')), /Unknown key/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
