import type { ComponentChildren } from 'preact';

/** A chart with its title and a short explanation. `empty` replaces the chart when there is nothing to show. */
export function Figure(props: {
  readonly title: string;
  readonly unit?: string;
  readonly note?: string;
  readonly wide?: boolean;
  readonly empty?: string | false;
  readonly children: ComponentChildren;
}) {
  const { title, unit, note, wide, empty, children } = props;
  return (
    <figure class={wide ? 'card wide' : 'card'}>
      <figcaption>
        <h3>{title}</h3>
        {unit === undefined ? null : <span class="unit">{unit}</span>}
        {note === undefined ? null : <span class="note">{note}</span>}
      </figcaption>
      {empty ? <p class="empty">{empty}</p> : children}
    </figure>
  );
}
