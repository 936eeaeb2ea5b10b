import type { ExampleOptions } from './exampleConfig.js';

/** A scenario for `elpis target`, as a file; `elpis init --scenario --as hcl` writes it. */
export const exampleScenarioFile = {
  hcl: `# A visitor of the shop of elpis target. See docs/SCENARIO-FILES.md; elpis check names what is wrong, with its line.
variable_source "shop" "variables" {
  variables = { sort = "price" }
}

request "goods" {
  method  = "GET"
  uri     = "/goods?sort={{.source.shop.sort}}"
  headers = { Accept = "application/json" }
  postprocessor "var/jsonpath" {
    mapping = { id = "$.goods[0].id" }
  }
  postprocessor "assert/response" {
    status_code = 200
  }
}

request "page" {
  method  = "GET"
  uri     = "/?goods={{.request.goods.postprocessor.id}}"
  headers = {}
  postprocessor "assert/response" {
    status_code = 200
  }
}

scenario "visit" {
  requests = ["goods", "sleep(500)", "page"] # 500 ms between the two
}
`,
  yaml: `# A visitor of the shop of elpis target. See docs/SCENARIO-FILES.md; elpis check names what is wrong, with its line.
variable_sources:
  - {type: variables, name: shop, variables: {sort: price}}

requests:
  - name: goods
    uri: /goods?sort={{.source.shop.sort}}
    headers: {Accept: application/json}
    postprocessors:
      - {type: var/jsonpath, mapping: {id: "$.goods[0].id"}}
      - {type: assert/response, status_code: 200}

  - name: page
    uri: /?goods={{.request.goods.postprocessor.id}}
    postprocessors:
      - {type: assert/response, status_code: 200}

scenarios:
  - name: visit
    requests: [goods, sleep(500), page]   # 500 ms between the two
`,
} as const;

/** A config that plays a scenario file. */
export function scenarioFileConfig({ target = '127.0.0.1:8080' }: ExampleOptions, file: string): string {
  return `# yaml-language-server: $schema=./elpis.schema.json
# A load test with a scenario file, for Elpis. Rehearse it first: elpis rehearse --target 'constant(20ms)' --responses ./responses.ts. Run it: elpis run
pools:
  - id: example
    gun: {type: http/scenario, target: ${JSON.stringify(target)}}
    ammo: {type: http/scenario, file: ${JSON.stringify(file)}}   # relative to the working directory
    result: {type: phout, destination: ./phout.log}
    rps: {type: const, ops: 10, duration: 10s}   # starts of the scenario
    startup: {type: once, times: 20}             # how many scenarios can be under way at once
`;
}

/** The same config in TypeScript. */
export function scenarioFileModule({ target = '127.0.0.1:8080' }: ExampleOptions, file: string): string {
  return `// A load test with a scenario file, for Elpis. Run it: elpis run load.ts
import { constant, defineConfig, httpScenario, httpScenarioGun, once, phout, pool } from 'elpis';

export default defineConfig({
  pools: [
    pool({
      id: 'example',
      gun: httpScenarioGun({ target: process.env.TARGET ?? ${JSON.stringify(target)} }),
      ammo: httpScenario({ file: ${JSON.stringify(file)} }), // relative to the working directory
      result: phout({ destination: './phout.log' }),
      rps: constant({ ops: 10, duration: '10s' }), // starts of the scenario
      startup: once({ times: 20 }), // how many scenarios can be under way at once
    }),
  ],
});
`;
}
