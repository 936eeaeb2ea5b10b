import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isLeft } from 'fp-ts/lib/Either.js';
import { substitute } from '../../../lib/codec/text/substitute.js';
import { loadText } from './loadText.js';

const world = { env: { NAME: 'from the environment' }, readFile: () => '' };

describe('a secret that is written out in a config', () => {
  const rows: readonly (readonly [sentence: string, config: unknown, secrets: readonly string[]])[] = [
    ['a passphrase', { tls: { passphrase: 'hope and fear' } }, ['hope and fear']],
    ['a password, in any case', { Password: 'hope' }, ['hope']],
    ['a header of a login', { headers: ['[Authorization: Bearer abc]'] }, ['Bearer abc']],
    ['a header for a proxy', { headers: [' [ proxy-authorization : Basic x== ] '] }, ['Basic x==']],
    ['another header', { headers: ['[Accept: text/html]'] }, []],
    ['a key that only begins alike', { 'password-file': 'a.txt' }, []],
  ];
  for (const [sentence, config, secrets] of rows) {
    it(`${secrets.length > 0 ? 'is' : 'is not'} ${sentence}`, () => {
      const found = substitute(config, world).secrets;
      assert.deepEqual(
        [...found],
        secrets.map((secret) => [secret, '***']),
      );
    });
  }

  it('is shown as the reference that stands for it, when there is one', () => {
    const found = substitute({ passphrase: '${NAME}' }, world).secrets;
    assert.deepEqual([...found], [['from the environment', '${NAME}']]);
  });

  it('is in no message about its line', async () => {
    const refused = await loadText('pools: [{gun: {type: nope, password: "hunter two"}}]');
    assert.ok(isLeft(refused));
    assert.match(refused.left.message, /password: "\*\*\*"/);
    assert.doesNotMatch(refused.left.message, /hunter/);
  });
});
