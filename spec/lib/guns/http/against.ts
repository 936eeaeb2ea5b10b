import { http } from '../../../../lib/guns/http/gun.js';
import { GunBench, ScriptedServer } from '../gunBench.js';

export type Script = ConstructorParameters<typeof ScriptedServer>[0];

export async function against(
  script: Script,
  options: Record<string, unknown>,
  test: (bench: GunBench, server: ScriptedServer) => Promise<void>,
  deps = {},
): Promise<void> {
  const server = new ScriptedServer(script);
  const bench = new GunBench(http, { target: await server.listen(), ...options }, deps);
  try {
    await test(bench, server);
  } finally {
    await bench.close();
    await server.close();
  }
}

export const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
export const say =
  (text: string): Script =>
  (socket) =>
    socket.write(text);
