import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { BIN, phoutRows } from '../elpis.js';
import type { NatsServer } from './natsServer.js';

/** A process of `elpis worker`. */
export interface FleetWorker {
  readonly name: string;
  readonly child: ChildProcess;
  /** What it has written to stderr. */
  log(): string;
}

/** Worker processes in folders of their own. */
export class Fleet {
  readonly folder = mkdtempSync(join(tmpdir(), 'elpis-fleet-'));
  readonly workers: FleetWorker[] = [];

  #started = 0;

  constructor(private readonly nats: NatsServer) {}

  /** Starts a worker, and waits until it is ready. */
  async add({
    name = `w${this.#started++}`,
    port,
    args = [],
    env = {},
    openFiles,
  }: {
    readonly name?: string;
    readonly port?: number;
    readonly args?: readonly string[];
    readonly env?: Readonly<Record<string, string>>;
    /** The limit of open files, set by the shell that starts it. */
    readonly openFiles?: number;
  } = {}): Promise<FleetWorker> {
    const options = [...this.nats.options('worker', port), '--name', name, '--dir', join(this.folder, name), ...args];
    const limit = openFiles === undefined ? '' : `ulimit -n ${openFiles} && `;
    const child = spawn('bash', ['-c', `${limit}exec "$@"`, 'bash', process.execPath, BIN, 'worker', ...options], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let text = '';
    child.stderr.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    const worker = { name, child, log: () => text };
    this.workers.push(worker);
    await this.until(
      () => /waits for runs/.test(text),
      () => `the worker is not ready: ${text}`,
    );
    return worker;
  }

  /** Ends a worker, and removes it from the list. */
  async kill(worker: FleetWorker): Promise<void> {
    const { child } = worker;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGCONT');
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await ended;
    this.forget(worker);
  }

  /** Removes a worker that has ended from the list. */
  forget(worker: FleetWorker): void {
    this.workers.splice(this.workers.indexOf(worker), 1);
  }

  async until(condition: () => boolean, message: () => string): Promise<void> {
    for (let tries = 0; tries < 1200; tries++) {
      if (condition()) return;
      await delay(25);
    }
    assert.fail(message());
  }

  /** The rows of a phout file of all workers that played the last run, also of those that have ended. */
  phout(file = 'p.log'): string[][] {
    const folders = existsSync(this.folder) ? readdirSync(this.folder).map((name) => join(this.folder, name)) : [];
    const latest = folders
      .flatMap((folder) => readdirSync(folder))
      .sort()
      .at(-1);
    return folders.flatMap((folder) => {
      const last = latest !== undefined && existsSync(join(folder, latest)) ? latest : undefined;
      const path = last === undefined ? undefined : join(folder, last, file);
      return path !== undefined && existsSync(path) ? phoutRows(readFileSync(path, 'utf8')) : [];
    });
  }

  async stop(): Promise<void> {
    await Promise.all([...this.workers].map((worker) => this.kill(worker)));
    rmSync(this.folder, { recursive: true, force: true });
  }
}
