import { concat, defer, type Observable, of, ReplaySubject, Subject, type Subscription } from 'rxjs';
import { type Command, command } from '../../operators/ticks/command.js';

/** One subscription of commands, shared by schedules that start at different times. */
export interface RememberedCommands {
  /** The commands that put a schedule that starts now into the state of the others, followed by the later commands. */
  readonly commands: Observable<Command>;
  readonly subscription: Subscription;
  /** True after the first command. */
  readonly steered: boolean;
  /** Emits once, with the first command. */
  readonly first: Observable<Command>;
}

/**
 * Records commands, so that a schedule that starts later has the same state as one that received them all: pause,
 * speed and rate. The size of the recorded state is constant.
 */
export function rememberCommands(source: Observable<Command>): RememberedCommands {
  const live = new Subject<Command>();
  let speed = 1;
  let rate: number | undefined;
  let paused = false;
  let stopped = false;
  let steered = false;
  const first = new ReplaySubject<Command>(1);
  const remember = (order: Command): void => {
    if (order.type === 'rate') rate = order.perSecond;
    if (order.type === 'pause') paused = true;
    if (order.type === 'resume') paused = false;
    if (order.type === 'stop') stopped = true;
    if (order.type !== 'scale') return;
    speed *= order.factor;
    if (rate !== undefined) rate *= order.factor;
  };
  const subscription = source.subscribe({
    next: (order) => {
      if (!steered) {
        steered = true;
        first.next(order);
      }
      try {
        remember(command.check(order));
      } catch (error) {
        live.error(error);
      }
      live.next(order);
    },
    error: (error: unknown) => live.error(error),
    complete: () => live.complete(),
  });
  const soFar = (): readonly Command[] => [
    ...(speed === 1 ? [] : [command.scaleBy(speed)]),
    ...(rate === undefined ? [] : [command.setRate(rate)]),
    ...(paused ? [command.pause()] : []),
    ...(stopped ? [command.stop()] : []),
  ];
  return {
    commands: defer(() => concat(of(...soFar()), live)),
    subscription,
    first: first.asObservable(),
    get steered() {
      return steered;
    },
  };
}
