import { randomBytes } from 'node:crypto';
import type { EpochMs } from '../core/units.js';

/** The subjects of a group, of which docs/MANY-MACHINES.md lists who sends what. */
export interface Subjects {
  /** From a coordinator to all workers: which of them are free. */
  readonly call: string;
  /** From a worker to the coordinators of the group: its state. */
  readonly offers: string;
  /** The subjects of a run. */
  of(run: string): RunSubjects;
}

/** The subjects of one run. */
export interface RunSubjects {
  /** In the journal: what the run is, and which worker plays which share. */
  readonly plan: string;
  /** From the coordinator to all: it is alive. */
  readonly lease: string;
  /** From the coordinator to a worker: it is alive, and which shares the worker plays. */
  leaseOf(worker: string): string;
  /** To the coordinator: stop. */
  readonly stop: string;
  /** To a worker: prepare this run. */
  invite(worker: string): string;
  /** From the workers: prepared, or the reason that it cannot be. */
  readonly answers: string;
  /** From the workers: alive, and with the state of their shares. */
  readonly heartbeats: string;
  /** From a worker: which time is it. */
  readonly clock: string;
  /** To a worker: the time. */
  clockOf(worker: string): string;
  /** In the journal: messages to a share. `*`: to all shares. */
  to(share: number | '*'): string;
  /** In the journal: messages from a share. `*`: from all shares. */
  from(share: number | '*'): string;
}

/** Names of groups, runs and workers are one word of a subject. */
export const WORD = /^[A-Za-z0-9_-]{1,64}$/;

/** A text as a word of a subject. */
export function asWord(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9_-]+/g, '-').slice(0, 40) || 'x';
}

/** The subjects of a group. */
export function subjectsOf(group: string): Subjects {
  const base = `elpis.${group}`;
  return {
    call: `${base}.call`,
    offers: `${base}.offers`,
    of: (run) => {
      const runBase = `${base}.run.${run}`;
      return {
        plan: `${runBase}.plan`,
        lease: `${runBase}.lease`,
        leaseOf: (worker) => `${runBase}.lease.${worker}`,
        stop: `${runBase}.stop`,
        invite: (worker) => `${runBase}.invite.${worker}`,
        answers: `${runBase}.answers`,
        heartbeats: `${runBase}.heartbeats`,
        clock: `${runBase}.clock`,
        clockOf: (worker) => `${runBase}.time.${worker}`,
        to: (share) => `${runBase}.to.${share}`,
        from: (share) => `${runBase}.from.${share}`,
      };
    },
  };
}

/** The number of a share at the end of a subject. */
export function shareOfSubject(subject: string): number {
  return Number(subject.slice(subject.lastIndexOf('.') + 1));
}

/** The run in a subject of a run. */
export function runOfSubject(subject: string): string | undefined {
  return subject.split('.')[3];
}

/** The id of a new run: the time of its start, and four characters by chance. */
export function newRunId(now: EpochMs): string {
  const time = new Date(now)
    .toISOString()
    .replaceAll(/[-:]|\..*/g, '')
    .replace('T', '-');
  return `${time}-${randomBytes(2).toString('hex')}`;
}

/** A new id of a worker: a name and six characters by chance. */
export function newWorkerId(name: string): string {
  return `${asWord(name)}-${randomBytes(3).toString('hex')}`;
}
