import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { docstringExamples } from './examples/docstringExamples.js';
import { fencedExamples } from './examples/fencedExamples.js';
import { problemsOfExamples } from './examples/problemsOfExamples.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const filesIn = (folder: string, end: string): string[] =>
  readdirSync(`${ROOT}${folder}`, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(end) && !file.includes('node_modules'))
    .map((file) => `${folder}/${file.replaceAll('\\', '/')}`)
    .sort();

const read = (file: string): string => readFileSync(`${ROOT}${file}`, 'utf8');

describe('the examples in docstrings and documents', () => {
  it('compile as they stand', () => {
    const sources = ['lib', 'operators'].flatMap((folder) => filesIn(folder, '.ts'));
    const documents = ['README.md', 'CONTRIBUTING.md', ...filesIn('docs', '.md'), ...filesIn('examples', '.md')];
    const examples = [
      ...sources.flatMap((file) => docstringExamples(file, read(file))),
      ...documents.flatMap((file) => fencedExamples(file, read(file).split('\n'))),
    ];
    assert.ok(examples.length > 100, `only ${examples.length} examples were found`);
    const problems = problemsOfExamples(examples, ROOT);
    assert.ok(problems.length === 0, `of ${examples.length} examples, these do not compile:\n${problems.join('\n')}`);
  });
});
