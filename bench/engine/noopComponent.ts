import { component, NetSample, type Shot, struct } from 'elpis';
import { Observable } from 'rxjs';

/** A gun that completes at once, for configs. @param tagOf The tag of a shot. Default: none. */
export const noopWith = (tagOf: (shot: Shot<unknown>) => string = () => '') =>
  component({
    kind: 'gun',
    name: 'noop',
    summary: 'Completes at once.',
    options: struct('noop', {}),
    create: (_, { scheduler }) => ({
      create: () => ({
        shoot: (_: unknown, shot: Shot<unknown>) =>
          new Observable<NetSample>((subscriber) => {
            const sample = NetSample.of(shot);
            sample.tag = tagOf(shot);
            sample.responded = sample.ended = scheduler.now();
            sample.protoCode = 200;
            subscriber.next(sample);
            subscriber.complete();
          }),
      }),
    }),
  });

export const noop = noopWith();
