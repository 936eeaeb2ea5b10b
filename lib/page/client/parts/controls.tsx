import { useState } from 'preact/hooks';
import type { Playback } from '../../../engine/runHandle.js';
import type { PageCommand } from '../../server/steer.js';
import type { ChartContext } from '../charts/context.js';
import { rate } from '../data/format.js';
import { send } from '../data/source.js';

/** The buttons of a recorded run that is played. */
function PlayedControls(props: {
  readonly playback: Playback;
  readonly notice: string;
  readonly run: (what: string, command: PageCommand) => void;
}) {
  const { playback, notice, run } = props;
  const { paused } = playback;
  const button = (text: string, title: string, command: Extract<PageCommand, { do: 'command' }>['command']) => (
    <button type="button" title={title} onClick={() => run('', { do: 'command', command })}>
      {text}
    </button>
  );
  return (
    <section class="controls" aria-label="Play the record">
      <button
        type="button"
        class="primary"
        onClick={() => run('', { do: 'command', command: { type: paused ? 'resume' : 'pause' } })}
      >
        {paused ? 'Play' : 'Pause'}
      </button>
      <span class="group">
        {button('Slower', 'half the speed', { type: 'scale', factor: 0.5 })}
        {button('Faster', 'twice the speed', { type: 'scale', factor: 2 })}
      </span>
      <button type="button" onClick={() => run('ended', { do: 'abort' })}>
        End
      </button>
      <output class="notice">{notice}</output>
    </section>
  );
}

/** The buttons that steer the run. */
export function Controls({ context }: { readonly context: ChartContext }) {
  const { store, selected } = context;
  const { connection, notice, selection, playback } = store.state;
  const [asking, setAsking] = useState(false);
  const { view } = selected.model;
  if (connection.kind !== 'live' || view.phase === 'finished') return null;
  const pool = selection.pool === undefined ? {} : { pool: selection.pool };
  const run = (what: string, command: PageCommand): void => {
    setAsking(false);
    void send(command).then((fault) => store.set({ notice: fault === undefined ? what : `${what}: ${fault}` }));
  };
  const command = (what: string, wanted: Extract<PageCommand, { do: 'command' }>['command']): void =>
    run(what, { do: 'command', command: wanted, ...pool });
  const scale = (factor: number, text: string) => (
    <button
      type="button"
      onClick={() => command(`speed ${text}`, { type: 'scale', factor })}
      title={`${text} of the rate`}
    >
      {text}
    </button>
  );
  const submit = (event: Event, name: string, then: (text: string) => void): void => {
    event.preventDefault();
    const field = (event.currentTarget as HTMLFormElement).elements.namedItem(name) as HTMLInputElement;
    if (field.value.trim() !== '') then(field.value.trim());
    field.value = '';
  };
  if (playback !== undefined) return <PlayedControls {...{ playback, notice, run }} />;
  const paused = selected.pools.some(({ position, phase }) => phase !== 'finished' && position.paused);
  return (
    <section class="controls" aria-label="Steer the run">
      {connection.steerable ? (
        <>
          <button
            type="button"
            class="primary"
            onClick={() => command(paused ? 'resumed' : 'paused', { type: paused ? 'resume' : 'pause' })}
          >
            {paused ? 'Resume' : 'Pause'}
          </button>
          <span class="group">
            {scale(0.75, '−25 %')}
            {scale(0.95, '−5 %')}
            {scale(1.05, '+5 %')}
            {scale(1.25, '+25 %')}
          </span>
          <form
            class="group"
            onSubmit={(event) =>
              submit(event, 'rate', (text) =>
                command(`rate ${rate(Number(text))}`, { type: 'rate', perSecond: Number(text) }),
              )
            }
          >
            <input
              name="rate"
              type="number"
              min="0"
              step="any"
              inputMode="decimal"
              placeholder="rate /s"
              aria-label="Rate per second"
            />
            <button type="submit">Set</button>
          </form>
        </>
      ) : null}
      <form
        class="group"
        onSubmit={(event) => submit(event, 'remark', (text) => run('remark added', { do: 'annotate', text }))}
      >
        <input name="remark" type="text" maxLength={500} placeholder="remark" aria-label="Remark" />
        <button type="submit">Add</button>
      </form>
      {asking ? (
        <fieldset class="group" aria-label="Stop the run?">
          <button type="button" class="danger" onClick={() => run('stopping', { do: 'stop' })}>
            Let shots finish
          </button>
          <button type="button" class="danger" onClick={() => run('aborting', { do: 'abort' })}>
            Abort now
          </button>
          <button type="button" onClick={() => setAsking(false)}>
            Keep running
          </button>
        </fieldset>
      ) : (
        <button type="button" onClick={() => setAsking(true)}>
          Stop…
        </button>
      )}
      <output class="notice">{notice}</output>
    </section>
  );
}
