// A gun of your own in one file: it opens a TCP connection, counts what the server says first, and closes it.
import { connect } from 'node:net';
import {
  defineComponent,
  type Endpoint,
  endpoint,
  type GunFactory,
  NET_CODE,
  NetSample,
  required,
  struct,
} from 'elpis';
import { Observable, type SchedulerLike } from 'rxjs';

const config = struct('greeting gun', { target: required(endpoint, 'host:port of a server that speaks first') });

function gunFactory({ host, port }: Endpoint, scheduler: SchedulerLike): GunFactory<unknown, NetSample> {
  return {
    create: () => ({
      shoot: (_ammo, shot) =>
        new Observable<NetSample>((subscriber) => {
          const sample = NetSample.of(shot);
          const socket = connect(port, host);
          const end = (netCode: number, errorName: string): void => {
            socket.destroy();
            sample.tag = 'greeting';
            sample.netCode = netCode;
            sample.errorName = errorName;
            sample.answered = scheduler.now();
            sample.ended = sample.answered;
            subscriber.next(sample);
            subscriber.complete();
          };
          socket.once('data', (bytes) => {
            sample.bytesIn = bytes.length;
            end(NET_CODE.ok, '');
          });
          // A failure that may mean that the target is failing is a sample, not an error.
          socket.once('error', (error: NodeJS.ErrnoException) => end(NET_CODE.other, error.code ?? 'failed'));
          subscriber.add(() => socket.destroy());
        }),
    }),
  };
}

export const greetingGun = defineComponent({
  kind: 'gun',
  name: 'greeting',
  summary: 'Waits for the first bytes that a TCP server sends.',
  codec: () => config,
  create: ({ target }, { scheduler }) => gunFactory(target, scheduler) as GunFactory<unknown, unknown>,
});
