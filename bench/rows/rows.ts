import { closedLoop } from './closedLoop.js';
import { dayRecord } from './dayRecord.js';
import { engine, memory } from './engine.js';
import { ammo, phout } from './formats.js';
import { grpc } from './grpc.js';
import { idleInstances } from './idleInstances.js';
import { meshGrowth } from './meshGrowth.js';
import { meshStart } from './meshStart.js';
import { meshWorker } from './meshWorker.js';
import { micro } from './micro.js';
import { observers } from './observers.js';
import { pacing } from './pacing.js';
import { relaxed } from './relaxed.js';
import type { Row } from './row.js';
import { screen } from './screen.js';
import { startUp } from './startUp.js';
import { threads } from './threads.js';
import { virtualHour } from './virtualHour.js';

const FEW = ['wrk', 'autocannon'];

/** Every row, in the order of the report. */
export const ROWS: readonly Row[] = [
  closedLoop({ name: 'http', title: 'HTTP, 12 bytes, summary only' }),
  closedLoop({ name: 'http-phout', title: 'HTTP, 12 bytes, phout written', phout: true, against: FEW }),
  closedLoop({ name: 'http-tls', title: 'HTTP over TLS 1.3, 12 bytes', tls: true, against: FEW }),
  closedLoop({ name: 'http-10k', title: 'HTTP, 10 kB', path: '/10k', against: FEW }),
  closedLoop({ name: 'http-100k', title: 'HTTP, 100 kB', path: '/100k', against: FEW }),
  closedLoop({ name: 'http2-64x1', title: 'HTTP/2, 64 connections, 12 bytes', http2: { connections: 64, streams: 1 } }),
  closedLoop({
    name: 'http2-8x16',
    title: 'HTTP/2, 8 connections of 16 streams, 12 bytes',
    http2: { connections: 8, streams: 16 },
  }),
  grpc,
  engine,
  threads,
  memory,
  virtualHour,
  relaxed,
  observers,
  dayRecord,
  pacing('pacing-const-1k', 'Pacing: 1,000 per second', 1000, 1000),
  pacing('pacing-const-5k', 'Pacing: 5,000 per second', 5000, 5000),
  pacing('pacing-line-1k', 'Pacing: a line to 1,000 per second', 1, 1000),
  pacing('pacing-line-5k', 'Pacing: a line to 5,000 per second', 1, 5000),
  idleInstances,
  ammo,
  phout,
  startUp,
  screen,
  meshStart,
  meshWorker,
  meshGrowth,
  micro('tricks', 'What makes it fast: each trick beside the plain way'),
  micro('operators', 'Operators: cost per item, beside the nearest operator of RxJS'),
  micro('codecs', 'Codecs: cost per item'),
];
