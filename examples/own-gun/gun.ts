// A gun of your own in one file: it opens a TCP connection, counts the first bytes that the server sends, and closes it.
import { connect } from 'node:net';
import { component, type Endpoint, endpoint, type GunFactory, NetSample, required, struct } from 'elpis';
import { Observable, type SchedulerLike } from 'rxjs';

const config = struct('greeting gun', {
  target: required(endpoint, 'host:port of a server that sends the first bytes'),
});

function gunFactory({ host, port }: Endpoint, scheduler: SchedulerLike): GunFactory<unknown, NetSample> {
  return {
    create: () => ({
      shoot: (_ammo, shot) =>
        new Observable<NetSample>((subscriber) => {
          const sample = NetSample.of(shot);
          const socket = connect(port, host);
          sample.tag = 'greeting';
          const emit = (ended: NetSample): void => {
            socket.destroy();
            subscriber.next(ended);
            subscriber.complete();
          };
          socket.once('data', (bytes) => {
            sample.bytesIn = bytes.length;
            emit(sample.end(scheduler.now()));
          });
          // A failure that may mean that the target is failing is a sample, not an error.
          socket.once('error', (error) => emit(sample.fail(error, scheduler.now())));
          subscriber.add(() => socket.destroy());
        }),
    }),
  };
}

export const greetingGun = component({
  kind: 'gun',
  name: 'greeting',
  summary: 'Waits for the first bytes that a TCP server sends.',
  options: config,
  create: ({ target }, { scheduler }) => gunFactory(target, scheduler) as GunFactory<unknown, unknown>,
});
