import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { describe, it } from 'node:test';
import { COMMANDS } from '../../../lib/cli/main.js';
import { printError } from '../../../lib/cli/terminal.js';
import { ElpisError } from '../../../lib/core/errors.js';
import { elpis } from './inProcess.js';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };

describe('the command line', () => {
  for (const word of ['-v', '--version'])
    it(`${word} prints the version on stdout`, async () => {
      assert.deepEqual(await elpis([word]), { code: 0, stdout: `elpis ${version}\n`, stderr: '' });
    });

  it('-version prints it on stderr, as Pandora does', async () => {
    assert.deepEqual(await elpis(['-version']), { code: 0, stdout: '', stderr: `elpis ${version}\n` });
  });

  for (const word of ['-h', '--help', '-help', 'help'])
    it(`${word} lists the commands`, async () => {
      const { code, stdout, stderr } = await elpis([word]);
      assert.deepEqual([code, stderr], [0, '']);
      assert.match(stdout, /^ {2}run .*\[config\] +run a load test$/m);
      assert.match(stdout, /^ {2}target .* +run the bundled HTTP server, a target for tests$/m);
    });

  it('the list of commands loads no command, and the help of a command loads that command only', async (t) => {
    const loaded: string[] = [];
    for (const [name, listed] of Object.entries(COMMANDS)) {
      const { load } = listed;
      t.mock.method(listed, 'load', () => {
        loaded.push(name);
        return load();
      });
    }
    for (const args of [['--help'], ['help'], ['chek']]) await elpis(args);
    assert.deepEqual(loaded, []);
    for (const args of [
      ['help', 'hit'],
      ['hit', '--help'],
    ]) {
      assert.match((await elpis(args)).stdout, /--for <duration>/);
      assert.deepEqual(loaded.splice(0), ['hit']);
    }
  });

  it('the help of a command has its options with their defaults, and its notes', async () => {
    const { code, stdout } = await elpis(['hit', '--help']);
    assert.equal(code, 0);
    assert.match(stdout, /^Usage: elpis hit \[options\] <url>$/m);
    assert.match(stdout, /^ {2}--for <duration> +length of the run \(default 30s\)$/m);
    assert.match((await elpis(['rehearse', '--help'])).stdout, /^ {2}fit:phout\.log/m);
  });

  const wrong: readonly [args: readonly string[], error: RegExp][] = [
    [['chek', 'load.yaml'], /^ERROR {2}unknown command 'chek'\nhint {3}Did you mean check\?\n/],
    [
      ['hit', '--rate', '5', 'http://x'],
      /^ERROR {2}unknown option '--rate'\nhint {3}elpis hit --help lists its options\n/,
    ],
    [['check', '--jsn'], /^ERROR {2}unknown option '--jsn'\nhint {3}Did you mean --json\?\n/],
    [
      ['check', 'a.yaml', 'b.yaml'],
      /^ERROR {2}too many arguments for 'check'.*\nhint {3}elpis check --help lists its options\n/,
    ],
    [['rehearse', 'a.yaml'], /^ERROR {2}required option '--target <model>' not specified\n/],
    [['toString'], /^ERROR {2}toString:/],
    [['ammo', '--limit', '1.5x'], /^ERROR {2}--limit: expected a whole number.*, got "1\.5x"\n/],
    [['target', '--port', '65536'], /^ERROR {2}--port: expected .*at most 65535, got "65536"\n/],
    [
      ['run', '--threads', 'many'],
      /^ERROR {2}--threads: expected a number of threads from 1 to 256, or auto, got "many"\n/,
    ],
    [['hit', '--rate', '5'], /^ERROR {2}unknown option '--rate'\nhint {3}elpis hit --help lists its options\n/],
    [['run', '-example'], /^ERROR {2}unknown option '-example'\n/],
  ];
  for (const [args, error] of wrong)
    it(`refuses elpis ${args.join(' ')}, in a pipe with the word ERROR`, async () => {
      const { code, stderr } = await elpis(args);
      assert.match(stderr, error);
      assert.match(stderr, /^code {3}ELPIS_\w+: see docs\/ERRORS\.md/m);
      assert.equal(code, 2);
    });

  it('reports all wrong values of options at once', async () => {
    const wrongValues = ['--rate-scale', '-1', '--duration', 'xyz', '--threads', '2.5'];
    const { code, stderr } = await elpis(['run', 'nowhere.yaml', ...wrongValues]);
    assert.equal(code, 2);
    assert.deepEqual(stderr.match(/^ERROR {2}--[a-z-]+/gm), [
      'ERROR  --rate-scale',
      'ERROR  --duration',
      'ERROR  --threads',
    ]);
  });

  it('of an option that is given twice, the last value applies', async () => {
    const { stderr } = await elpis(['ammo', '--limit', '1', '--limit', 'x']);
    assert.match(stderr, /--limit: .*got "x"/);
  });

  for (const word of ['-expvar', '--expvar'])
    it(`run takes Pandora's ${word} with a warning, without effect`, async () => {
      const { code, stderr } = await elpis([word, 'nowhere.yaml']);
      assert.equal(code, 2);
      assert.match(stderr, /^-expvar has no effect, as in Pandora: .*\nERROR {2}.*nowhere\.yaml/);
    });
});

describe('printError', () => {
  const printed = (isTTY: boolean): string => {
    const stderr = Object.assign(new PassThrough(), { isTTY });
    const io = { stdin: new PassThrough(), stdout: new PassThrough(), stderr, env: { NO_COLOR: '1' } };
    printError(new ElpisError('ELPIS_USAGE', 'no'), io);
    return String(stderr.read());
  };

  it('writes error on a terminal, and elsewhere ERROR, for which Yandex.Tank searches', () => {
    assert.match(printed(true), /^error {2}no\n/);
    assert.match(printed(false), /^ERROR {2}no\n/);
  });
});
