import { GunBench, ScriptedServer } from './gunBench.js';

export type Script = ConstructorParameters<typeof ScriptedServer>[0];

/** Runs a test with one gun and a scripted server, and closes both. */
export type Against = (
  script: Script,
  options: Record<string, unknown>,
  test: (bench: GunBench, server: ScriptedServer) => Promise<void>,
  deps?: ConstructorParameters<typeof GunBench>[2],
) => Promise<void>;

/** Tests of a gun against scripted servers. */
export const againstBy =
  (gun: unknown): Against =>
  async (script, options, test, deps = {}) => {
    const server = new ScriptedServer(script);
    const bench = new GunBench(gun, { target: await server.listen(), ...options }, deps);
    try {
      await test(bench, server);
    } finally {
      await bench.close();
      await server.close();
    }
  };

export const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
export const say =
  (text: string): Script =>
  (socket) =>
    socket.write(text);
