/** What {@link exampleConfig} shoots at. */
export interface ExampleOptions {
  /** host:port. Default `127.0.0.1:8080`, where `elpis target` listens. */
  readonly target?: string;
}

/** The text of a config that runs as it is: what `elpis init` writes. */
export function exampleConfig({ target = '127.0.0.1:8080' }: ExampleOptions = {}): string {
  return `# A load test for Elpis. Check it: elpis check; look at its shape: elpis plan; run it: elpis run
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
