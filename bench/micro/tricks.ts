import { asyncScheduler, Observable, type Observer, Subject, type Unsubscribable } from 'rxjs';
import { phoutEncoder } from '../../lib/aggregators/phout.js';
import type { Shot } from '../../lib/core/shot.js';
import type { HttpRequest } from '../../lib/protocols/http.js';
import type { NetSample } from '../../lib/protocols/netSample.js';
import { uri } from '../../lib/providers/http/providers.js';
import { oncePlan } from '../../lib/schedules/once.js';
import { VirtualClock } from '../../lib/time/virtualClock.js';
import { ResponseHeadCache } from '../../lib/wire/http1/parser/headCache.js';
import { ResponseParser } from '../../lib/wire/http1/parser/responseParser.js';
import { encodeRequest } from '../../lib/wire/http1/request.js';
import { RequestCache } from '../../lib/wire/http1/requestCache.js';
import { shoot, ticks, zipAmmo } from '../../operators/index.js';
import { SampleSubject } from '../../operators/samples/reportTo.js';
import { flightOf } from './flightOf.js';
import type { MicroBench, Work } from './microBench.js';
import { sampleOf } from './sampleOf.js';

const HEAD =
  'HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\nDate: Tue, 24 Nov 2026 12:00:00 GMT\r\nContent-Type: text/plain\r\n' +
  'Content-Length: 12\r\nConnection: keep-alive\r\n\r\nhello world\n';
const REQUEST: HttpRequest = {
  method: 'GET',
  target: '/',
  path: '/',
  host: '',
  headers: [],
  body: null,
  chunked: false,
  close: false,
};
const ENCODING = { host: 'localhost', disableKeepAlives: false, acceptGzip: false };

function parsing(memo?: ResponseHeadCache): Work {
  const bytes = Buffer.from(HEAD);
  const parser = new ResponseParser();
  return (items) => {
    for (let i = 0; i < items; i++) {
      parser.begin(false, memo);
      parser.feed(bytes, 0, bytes.length);
    }
  };
}

function* endless(): Generator<number> {
  for (let i = 0; ; i++) yield i;
}

const stream = new Observable<number>((subscriber) => {
  subscriber.next(1);
  subscriber.complete();
});
const IDLE: Unsubscribable = { unsubscribe: () => undefined };
const observed = { shoot: () => stream };
const direct = {
  shoot: () => stream,
  shootInto: (_: number, __: Shot<number>, observer: Observer<number>) => {
    observer.next(1);
    observer.complete();
    return IDLE;
  },
};

function shooting(gun: typeof observed): Work {
  return (items) => {
    const clock = new VirtualClock();
    ticks(oncePlan({ times: items }))
      .pipe(zipAmmo(endless()), shoot({ create: () => gun }, { scheduler: clock }))
      .subscribe();
    clock.run();
  };
}

function fanning(inlet: Subject<number> | SampleSubject<number>, of: Observable<number>): Work {
  let sum = 0;
  const add = (value: number): void => {
    sum += value;
  };
  of.subscribe(add);
  of.subscribe(add);
  return (items) => {
    for (let i = 0; i < items; i++) inlet.next(i);
    if (sum === 0) throw new Error('nothing came out');
  };
}

function lines(write: (sample: NetSample) => void): Work {
  return (items) => {
    for (let i = 0; i < items; i++) {
      write(sampleOf(i));
    }
  };
}

function phoutInto(): (sample: NetSample) => void {
  const encode = phoutEncoder({ id: false });
  const buffer = Buffer.alloc(64 * 1024);
  let at = 0;
  return (sample) => {
    const end = encode(sample, buffer, at);
    at = end < 0 ? encode(sample, buffer, 0) : end;
  };
}

function phoutAsText(): (sample: NetSample) => void {
  return (sample) => {
    const micros = Math.floor((sample.ended - sample.started) * 1000);
    const seconds = (sample.started / 1000).toFixed(3);
    Buffer.from(`${seconds}\t${sample.tag}\t${micros}\t0\t0\t0\t0\t0\t0\t0\t${sample.netCode}\t${sample.protoCode}\n`);
  };
}

/** Draws ammo of one row, over and over. */
function drawing(options: { readonly limit?: number }): Work {
  const cursor = uri({ uris: ['/'], ...options }).open(asyncScheduler);
  return (items) => {
    for (let i = 0; i < items; i++) if (typeof cursor.poll() === 'symbol') throw new Error('the ammo has ended');
  };
}

const subject = new Subject<number>();
const inlet = new SampleSubject<number>();

/** The optimizations of Elpis, each compared with the simple way to do the same. */
export const TRICKS: readonly MicroBench[] = [
  ...[100, 10_000, 50_000].map((inFlight) => ({
    name: `shoot, ${inFlight.toLocaleString('en')} in flight`,
    work: () => flightOf(inFlight, 'shoot'),
    against: { name: 'mergeMap', work: () => flightOf(inFlight, 'mergeMap') },
    limit: 20_000,
  })),
  {
    name: 'shot emitted directly to its instance',
    work: () => shooting(direct),
    against: { name: 'shot as an Observable', work: () => shooting(observed) },
    limit: 100_000,
  },
  {
    name: 'fan-out by SampleSubject',
    work: () => fanning(inlet, inlet.stream),
    against: { name: 'by Subject', work: () => fanning(subject, subject) },
  },
  {
    name: 'request encoded once',
    work: () => {
      const cache = new RequestCache(ENCODING);
      return (items) => {
        for (let i = 0; i < items; i++) cache.encoded(REQUEST);
      };
    },
    against: {
      name: 'each time',
      work: () => (items) => {
        for (let i = 0; i < items; i++) encodeRequest(REQUEST, ENCODING);
      },
    },
  },
  {
    name: 'head cached from the last response',
    work: () => parsing(new ResponseHeadCache()),
    against: { name: 'head read', work: () => parsing() },
  },
  {
    name: 'ammo of one row, many passes in one batch',
    work: () => drawing({}),
    against: { name: 'a batch for each pass', work: () => drawing({ limit: 1e12 }) },
  },
  {
    name: 'phout written into one buffer',
    work: () => lines(phoutInto()),
    against: { name: 'as text', work: () => lines(phoutAsText()) },
  },
];
