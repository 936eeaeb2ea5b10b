import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { keysOf } from '../../../../lib/observers/screen/keys.js';
import { type Action, FIRST_STATE, pressed, type ScreenState } from '../../../../lib/observers/screen/screenState.js';
import { RunView } from '../../../../lib/view/runView.js';
import { command } from '../../../../operators/ticks/command.js';
import { commandAt, started } from '../../view/sampleEvents.js';

const view = new RunView();
for (const event of started('main', 'other')) view.add(event);

/** The state and the actions after keys, one after another. */
function after(keys: readonly string[], from: RunView = view): { state: ScreenState; actions: readonly Action[] } {
  let state = FIRST_STATE;
  const actions: Action[] = [];
  for (const key of keys) {
    const result = pressed(state, key, from);
    state = result.state;
    if (result.action !== undefined) actions.push(result.action);
  }
  return { state, actions };
}

describe('keysOf', () => {
  const rows: readonly (readonly [sent: string, keys: readonly string[]])[] = [
    ['p+', ['p', '+']],
    ['\x1b[A\x1b[B\x1bOA', ['up', 'down', 'up']],
    ['\x1b', ['escape']],
    ['\r\n\t \x7f', ['enter', 'enter', 'tab', 'space', 'backspace']],
    ['\x03\x1a\x0c', ['ctrl-c', 'ctrl-z', 'ctrl-l']],
    ['\x1b[15~\x1b[1;5C\x01', []],
    ['é界🚀', ['é', '界', '🚀']],
  ];
  for (const [sent, keys] of rows) it(JSON.stringify(sent), () => assert.deepEqual(keysOf(sent), keys));
});

describe('pressed', () => {
  it('pauses and resumes all pools, or the chosen one', () => {
    assert.deepEqual(after(['p']).actions, [{ type: 'command', command: command.pause(), pool: undefined }]);
    assert.deepEqual(after(['tab', 'space']).actions, [{ type: 'command', command: command.pause(), pool: 'main' }]);
    const paused = new RunView();
    for (const event of [...started('main'), commandAt(1, command.pause())]) paused.add(event);
    assert.deepEqual(after(['p'], paused).actions, [{ type: 'command', command: command.resume(), pool: undefined }]);
  });

  it('pauses, resumes and ends a recorded run that is played, whatever the run did', () => {
    const act = (key: string, paused: boolean) => pressed(FIRST_STATE, key, view, { speed: 10, paused }).action;
    assert.deepEqual(act('p', false), { type: 'command', command: command.pause(), pool: undefined });
    assert.deepEqual(act('p', true), { type: 'command', command: command.resume(), pool: undefined });
    assert.deepEqual([act('q', false), act('Q', false)], [{ type: 'abort' }, { type: 'abort' }]);
    assert.equal(act('n', false), undefined);
    assert.equal(pressed(FIRST_STATE, 'n', view, { speed: 10, paused: false }).state.prompt, undefined);
  });

  it('changes the rate by 5 % and 25 %; a step down undoes a step up', () => {
    const factors = after(['+', '-', '>', '<']).actions.map((action) =>
      action.type === 'command' && action.command.type === 'scale' ? action.command.factor : 0,
    );
    assert.deepEqual(
      factors.map((factor) => factor.toFixed(4)),
      ['1.0500', '0.9524', '1.2500', '0.8000'],
    );
    assert.equal((factors[0] as number) * (factors[1] as number), 1);
  });

  it('stops and aborts only after an answer', () => {
    assert.deepEqual(after(['q', 'n', 'q', 'escape', 'Q', 'x']).actions, []);
    assert.deepEqual(after(['q', 'y', 'Q', 'enter']).actions, [{ type: 'stop' }, { type: 'abort' }]);
    assert.equal(after(['q']).state.prompt?.about, 'stop');
  });

  it('Ctrl-C and Ctrl-Z work everywhere', () => {
    assert.deepEqual(
      after(['q', 'ctrl-c', '/', 'ctrl-z', '?', 'ctrl-c']).actions.map(({ type }) => type),
      ['interrupt', 'suspend', 'interrupt'],
    );
  });

  it('types a filter and a note; keys of commands are letters there', () => {
    const { state, actions } = after(['/', 'p', 'a', 'x', 'backspace', 'enter']);
    assert.deepEqual([state.filter, state.prompt, actions], ['pa', undefined, []]);
    assert.equal(after(['/', 'p', 'escape']).state.filter, '');
    assert.deepEqual(after(['n', 'o', 'k', 'space', '!', 'enter', 'n', 'enter']).actions, [
      { type: 'note', text: 'ok !' },
    ]);
    assert.equal(after(['/', ...Array.from({ length: 500 }, () => 'x')]).state.filter.length, 200);
  });

  it('goes through windows, columns and pools, and scrolls', () => {
    assert.deepEqual(
      [1, 2, 3, 4].map((n) => after(Array<string>(n).fill('w')).state.windowMs),
      [60_000, Number.POSITIVE_INFINITY, 1000, 10_000],
    );
    assert.deepEqual(
      [after(['s']).state.sort, after(['S']).state.sort, after(['r']).state.ascending],
      ['rate', 'tag', true],
    );
    assert.deepEqual(
      [1, 2, 3].map((n) => after(Array<string>(n).fill('tab')).state.pool),
      ['main', 'other', undefined],
    );
    assert.deepEqual(
      [after(['down', 'j', 'up']).state.scroll, after(['up', 'k']).state.scroll, after(['down', 's']).state.scroll],
      [1, 0, 0],
    );
  });

  it('Escape shows everything again, and any key closes the help', () => {
    const { state } = after(['tab', '/', 'a', 'enter', 'escape']);
    assert.deepEqual([state.filter, state.pool], ['', undefined]);
    assert.deepEqual(
      [after(['?']).state.help, after(['?', 'p']).state.help, after(['?', 'p']).actions],
      [true, false, []],
    );
  });

  it('ignores other keys', () => assert.deepEqual(after(['z', '界']), { state: FIRST_STATE, actions: [] }));
});
