import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';

/** A column of a {@link Table}. */
export interface Column<R> {
  readonly key: string;
  readonly title: string;
  /** Explains the title. */
  readonly hint?: string;
  readonly show: (row: R) => ComponentChildren;
  /** What it is sorted by; a column without it cannot be sorted. */
  readonly by?: (row: R) => number | string | null;
  /** Text, which is aligned to the left. Default: numbers. */
  readonly text?: boolean;
}

interface Order {
  readonly key: string;
  readonly descending: boolean;
}

/** Rows in an order; rows without a value are last. */
function sorted<R>(rows: readonly R[], columns: readonly Column<R>[], order: Order | undefined): readonly R[] {
  const by = columns.find(({ key }) => key === order?.key)?.by;
  if (order === undefined || by === undefined) return rows;
  const sign = order.descending ? -1 : 1;
  return [...rows].sort((a, b) => {
    const [x, y] = [by(a), by(b)];
    if (x === null || y === null) return x === y ? 0 : x === null ? 1 : -1;
    return x === y ? 0 : (x < y ? -1 : 1) * sign;
  });
}

function Cells<R>(props: { readonly columns: readonly Column<R>[]; readonly row: R; readonly look: string }) {
  const { columns, row, look } = props;
  return (
    <tr class={look}>
      {columns.map((column) => (
        <td key={column.key} class={column.text ? 'text' : ''} data-column={column.key}>
          {column.show(row)}
        </td>
      ))}
    </tr>
  );
}

/** Rows that are shown at first. */
const FIRST = 100;

/** A table that can be sorted by the titles of its columns. */
export function Table<R>(props: {
  readonly caption: string;
  readonly columns: readonly Column<R>[];
  readonly rows: readonly R[];
  /** A row that is always the first one, in every order. */
  readonly total?: R | undefined;
  readonly rowKey: (row: R) => string;
  readonly rowClass?: (row: R) => string;
  readonly empty: string;
}) {
  const { caption, columns, rows, total, rowKey, rowClass, empty } = props;
  const [order, setOrder] = useState<Order | undefined>(undefined);
  const [all, setAll] = useState(false);
  if (rows.length === 0) return <p class="empty">{empty}</p>;
  const ordered = sorted(rows, columns, order);
  const shown = all ? ordered : ordered.slice(0, FIRST);
  const toggle = ({ key, text }: Column<R>): void =>
    setOrder(order?.key === key ? { key, descending: !order.descending } : { key, descending: text !== true });
  const direction = (key: string) => (order?.key !== key ? 'none' : order.descending ? 'descending' : 'ascending');
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so it must be reachable by keys
    <section class="scroll" tabIndex={0} aria-label={caption}>
      <table>
        <caption>{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th
                key={column.key}
                scope="col"
                class={column.text ? 'text' : ''}
                data-column={column.key}
                aria-sort={column.by === undefined ? undefined : direction(column.key)}
                title={column.hint}
              >
                {column.by === undefined ? (
                  column.title
                ) : (
                  <button type="button" class="sort" onClick={() => toggle(column)}>
                    {column.title}
                  </button>
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {total === undefined ? null : <Cells key="total" columns={columns} row={total} look="total" />}
          {shown.map((row) => (
            <Cells key={rowKey(row)} columns={columns} row={row} look={rowClass?.(row) ?? ''} />
          ))}
        </tbody>
      </table>
      {ordered.length > shown.length ? (
        <button type="button" onClick={() => setAll(true)}>
          Show all {ordered.length} rows
        </button>
      ) : null}
    </section>
  );
}
