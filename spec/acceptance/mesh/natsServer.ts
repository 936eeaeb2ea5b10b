import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../freePort.js';
import { selfSigned } from '../../lib/guns/selfSigned.js';

const CONFIG = fileURLToPath(new URL('../../../deploy/nats/nats-server.conf', import.meta.url));
const PASSWORDS = { ELPIS_COORDINATOR_PASSWORD: 'for-coordinators', ELPIS_WORKER_PASSWORD: 'for-workers' };

/** A real nats-server with JetStream, TLS and accounts: the config of deploy/nats. */
export class NatsServer {
  readonly folder = mkdtempSync(join(tmpdir(), 'elpis-nats-'));
  #port = 0;
  #process: ChildProcess | undefined;

  get port(): number {
    return this.#port;
  }

  /** The options of a command that connects, through another port if one is given. */
  options(user: 'coordinator' | 'worker', port = this.#port): readonly string[] {
    return [
      ...['--mesh', `tls://localhost:${port}`, '--group', 'blue'],
      ...['--credentials', join(this.folder, `${user}.login`), '--tls-ca', join(this.folder, 'ca.pem')],
    ];
  }

  async start({ jetStream = true }: { readonly jetStream?: boolean } = {}): Promise<void> {
    this.#port = await freePort();
    const { key, cert } = selfSigned('localhost');
    for (const [name, text] of Object.entries({ 'server-key.pem': key, 'server.pem': cert, 'ca.pem': cert }))
      writeFileSync(join(this.folder, name), text);
    const text = readFileSync(CONFIG, 'utf8')
      .replace('0.0.0.0:4222', `127.0.0.1:${this.#port}`)
      .replaceAll('./', `${this.folder}/`);
    const without = text.replace(/^jetstream \{[^}]*\}/m, '').replace('jetstream: enabled', '');
    writeFileSync(join(this.folder, 'nats.conf'), jetStream ? text : without);
    for (const [user, password] of Object.entries({ coordinator: 'for-coordinators', worker: 'for-workers' }))
      writeFileSync(join(this.folder, `${user}.login`), `user: ${user}\npassword: ${password}\n`);
    await this.resume();
  }

  /** Starts the server with what is stored. */
  async resume(): Promise<void> {
    const child = spawn('nats-server', ['-c', join(this.folder, 'nats.conf')], {
      env: { ...process.env, ...PASSWORDS },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let log = '';
    child.stderr.on('data', (chunk: Buffer) => {
      log += chunk.toString();
    });
    this.#process = child;
    for (let tries = 0; tries < 200; tries++) {
      if (log.includes('Server is ready')) return;
      if (child.exitCode !== null) throw new Error(log);
      await delay(25);
    }
    throw new Error(`nats-server is not ready: ${log}`);
  }

  /** Changes the password of the user of the workers, while the server runs. */
  revokeWorkers(): void {
    const path = join(this.folder, 'nats.conf');
    writeFileSync(path, readFileSync(path, 'utf8').replace('$ELPIS_WORKER_PASSWORD', 'changed'));
    this.#process?.kill('SIGHUP');
  }

  /** Stops the server; what is stored stays. */
  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined || child.exitCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  }

  async remove(): Promise<void> {
    await this.stop('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A port in front of another, which can drop everything in both directions without closing a connection. */
export class CuttableProxy {
  readonly #server = createServer((client) => {
    const target = connect(this.target, '127.0.0.1');
    for (const [from, to] of [
      [client, target],
      [target, client],
    ] as const) {
      from.on('data', (chunk: Buffer) => {
        if (!this.cut) to.write(chunk);
      });
      from.on('error', () => to.destroy());
      from.on('close', () => {
        if (!this.cut) to.destroy();
      });
    }
  });
  /** True while everything is dropped. */
  cut = false;

  constructor(private readonly target: number) {}

  async listen(): Promise<number> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return (this.#server.address() as { readonly port: number }).port;
  }

  close(): void {
    this.#server.close();
  }
}
