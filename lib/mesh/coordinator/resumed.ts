import { firstValueFrom, map, merge, type SchedulerLike, take, timer } from 'rxjs';
import { ElpisError } from '../../core/errors.js';
import type { Millis } from '../../core/units.js';
import type { ToShare } from '../../shares/protocol.js';
import type { Bus } from '../bus.js';
import { type Bundle, LEASE, RUN_PLAN, type RunPlan, unpacked } from '../groupMessages.js';
import { JournalReader } from '../journal/journalReader.js';
import { toShare } from '../shareMessages.js';
import { type RunSubjects, shareOfSubject } from '../subjects.js';
import type { SentBefore } from './meshLinks.js';

/** A bundle of many files has a long list. */
const PLAN_LIMIT = 16 * 1024 * 1024;

/** A coordinator that is alive sends its lease within this time. */
const LISTEN_MS: Millis = 800;

/** What a resumed run must be. */
interface Expected {
  readonly run: string;
  readonly group: string;
  readonly bundle: Bundle;
  readonly version: string;
}

const contents = ({ files }: Bundle): string =>
  files
    .map(({ path, hash }) => `${path} ${hash}`)
    .sort()
    .join('\n');

/**
 * Waits for a lease of another coordinator.
 *
 * @throws ElpisError `ELPIS_MESH` when the run has one: two would give the workers different commands.
 */
export async function ensureLeft(
  bus: Bus,
  { lease }: RunSubjects,
  run: string,
  scheduler: SchedulerLike,
): Promise<void> {
  const heard = bus.subscribe(lease).pipe(map(({ data }) => unpacked(data, LEASE)?.phase === 'running'));
  const alive = merge(heard, timer(LISTEN_MS, scheduler).pipe(map(() => false))).pipe(take(1));
  if (await firstValueFrom(alive, { defaultValue: false }))
    throw new ElpisError('ELPIS_MESH', `the run ${run} has a coordinator, which is running`, {
      hint: 'elpis mesh stop ends it',
    });
}

/**
 * The plan of a run whose coordinator has died.
 *
 * @throws ElpisError `ELPIS_MESH` when the group has no such run, or when the config or the version is another one.
 */
export async function planOf(bus: Bus, subjects: RunSubjects, expected: Expected): Promise<RunPlan> {
  const stored = await bus.last(subjects.plan);
  const plan = stored === undefined ? undefined : unpacked(stored.data, RUN_PLAN, PLAN_LIMIT);
  const { run, group, bundle, version } = expected;
  if (plan === undefined)
    throw new ElpisError('ELPIS_MESH', `the group ${group} has no run ${run}`, {
      hint: 'elpis mesh status lists the runs',
    });
  if (plan.version !== version)
    throw new ElpisError('ELPIS_MESH', `the run ${run} is one of Elpis ${plan.version}, this is ${version}`);
  if (contents(plan.bundle) !== contents(bundle))
    throw new ElpisError('ELPIS_MESH', `the run ${run} has another config, or other files`, {
      hint: 'resume it with the same config and files',
    });
  return plan;
}

/** What was sent to each share of a run. */
export async function sentIn(
  bus: Bus,
  subjects: RunSubjects,
  shares: readonly number[],
  scheduler: SchedulerLike,
): Promise<ReadonlyMap<number, SentBefore>> {
  const messages = new Map<number, ToShare[]>(shares.map((share) => [share, []]));
  let failure: ElpisError | undefined;
  const reader = new JournalReader(bus, subjects.to('*'), {
    scheduler,
    deliver: (subject, list) => {
      const known = messages.get(shareOfSubject(subject));
      if (known !== undefined) known.push(...list.map((message) => toShare(message)));
      else
        failure = new ElpisError(
          'ELPIS_MESH',
          'the run cannot be resumed after the operations of a lost worker were divided',
          {
            hint: 'its results are in the stream and in the files of the workers; start a new run',
          },
        );
    },
    failed: (_subject, error) => {
      failure = error;
    },
  });
  await reader.replay();
  reader.close();
  if (failure !== undefined) throw failure;
  return new Map(
    [...messages].map(([share, sent]) => [share, { ...reader.readUpTo(subjects.to(share)), messages: sent }]),
  );
}
