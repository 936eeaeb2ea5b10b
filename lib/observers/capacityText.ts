import { ignoreElements, tap } from 'rxjs';
import type { RunObserver } from '../engine/runEvent.js';
import { capacityText } from '../report/capacityText.js';
import type { TextStream } from '../report/format.js';

/** Prints the result of a search for the capacity when it has ended; see {@link capacityText}. Without a search it prints nothing. */
export function printCapacityTo(stream: TextStream): RunObserver {
  return (events) =>
    events.pipe(
      tap((event) => {
        if (event.type === 'capacity' && event.state.phase === 'done') stream.write(`${capacityText(event.state)}\n\n`);
      }),
      ignoreElements(),
    );
}
