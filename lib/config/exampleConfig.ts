/** Options of {@link exampleConfig}. */
export interface ExampleOptions {
  /** host:port. Default `127.0.0.1:8080`, where `elpis target` listens. */
  readonly target?: string;
}

/** The text of a config that runs without changes; `elpis init` writes it. */
export function exampleConfig({ target = '127.0.0.1:8080' }: ExampleOptions = {}): string {
  return `# yaml-language-server: $schema=./elpis.schema.json
# A load test for Elpis. Check it: elpis check. Show its load: elpis plan. Run it: elpis run
pools:
  - id: example                  # names the pool in messages and reports
    gun:
      type: http
      target: ${JSON.stringify(target)}    # host:port; \${TARGET} takes it from the environment
    ammo:
      type: uri                  # one request per line; use "file: ./ammo.uri" for a file
      uris:
        - "[User-Agent: elpis]"  # a header for the requests that follow
        - / root                 # a path, and a tag that groups it in results
        - /?page=2 page
    result:
      type: phout                # one line per request
      destination: ./phout.log
    rps:                         # when requests are due; a list is played in order
      - {type: line, from: 1, to: 50, duration: 5s}
      - {type: const, ops: 50, duration: 10s}
    startup:                     # how many requests can be under way at once, and when each of these starts
      type: once
      times: 10
    discard_overflow: true       # requests overdue by 2 s are recorded as discarded, not shot

log:
  level: info
`;
}

/** The same config in TypeScript; `elpis init --typescript` writes it. */
export function exampleModule({ target = '127.0.0.1:8080' }: ExampleOptions = {}): string {
  return `// A load test for Elpis. Check it: elpis check load.ts. Show its load: elpis plan load.ts. Run it: elpis run load.ts
import { constant, defineConfig, http, line, once, phout, pool, uri } from 'elpis';

export default defineConfig({
  pools: [
    pool({
      id: 'example', // names the pool in messages and reports
      gun: http({ target: process.env.TARGET ?? ${JSON.stringify(target)} }),
      ammo: uri({ uris: ['[User-Agent: elpis]', '/ root', '/?page=2 page'] }), // a header; paths, each with a tag
      result: phout({ destination: './phout.log' }), // one line per request
      // When requests are due: one schedule after another.
      rps: [line({ from: 1, to: 50, duration: '5s' }), constant({ ops: 50, duration: '10s' })],
      startup: once({ times: 10 }), // how many requests can be under way at once
    }),
  ],
});
`;
}

/** A scenario for `elpis target`; `elpis init --scenario` writes it. */
export const exampleScenario = `// A visitor of the shop of elpis target. Steps are typed: a variable that no step has extracted does not compile.
import { check, extract, get, jsonPath, pause, scenario, status } from 'elpis/scenario';

export const visit = scenario('visit', (flow) =>
  flow.pipe(
    get('goods', '/goods', { headers: { Accept: 'application/json' } }),
    check({ 'shows goods': status(200) }),
    extract({ id: jsonPath('$.goods[0].id') }),
    pause(500, { jitter: 0.5 }),
    get('page', ({ id }) => \`/?goods=\${id}\`),
    check({ 'shows the page': status(200) }),
  ),
);

export default visit;
`;

/** What the requests of {@link exampleScenario} read, for a rehearsal, which has no server. */
export const exampleResponses = `// The responses of the shop of elpis target in a rehearsal, by method and path: what the scenario reads.
export default {
  'GET /goods*': { json: { goods: [{ id: 1 }] } },
};
`;

/** A config that plays {@link exampleScenario}, in a file beside it. */
export function scenarioConfig({ target = '127.0.0.1:8080' }: ExampleOptions, module: string): string {
  return `# yaml-language-server: $schema=./elpis.schema.json
# A load test with a scenario, for Elpis. Rehearse it first: elpis rehearse --target 'constant(20ms)' --responses ./responses.ts. Run it: elpis run
pools:
  - id: example
    gun: {type: scenario, target: ${JSON.stringify(target)}}
    ammo: {type: scenario, use: ./${module}}
    result: {type: phout, destination: ./phout.log}
    rps: {type: const, ops: 10, duration: 10s}   # starts of the scenario
    startup: {type: once, times: 20}             # how many scenarios can be under way at once
`;
}

/** The same config in TypeScript. */
export function scenarioModule({ target = '127.0.0.1:8080' }: ExampleOptions, module: string): string {
  return `// A load test with a scenario, for Elpis. Run it: elpis run load.ts
import { constant, defineConfig, once, phout, pool, scenarioGun, scenarios } from 'elpis';
import { visit } from './${module.replace(/\.ts$/, '.js')}';

export default defineConfig({
  pools: [
    pool({
      id: 'example',
      gun: scenarioGun({ target: process.env.TARGET ?? ${JSON.stringify(target)} }),
      ammo: scenarios([visit]),
      result: phout({ destination: './phout.log' }),
      rps: constant({ ops: 10, duration: '10s' }), // starts of the scenario
      startup: once({ times: 20 }), // how many scenarios can be under way at once
    }),
  ],
});
`;
}
