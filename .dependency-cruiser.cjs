/**
 * The layers of docs/ARCHITECTURE.md: what each folder may import besides itself. A folder imports lower layers only, never a
 * higher one and never a sibling; within layer 1 the order is the one below.
 */
const CORE = ['lib/core'];
const CLOCKS = [...CORE, 'lib/time'];
const BASE = [...CLOCKS, 'lib/plans', 'lib/pull', 'lib/measure', 'lib/codec', 'lib/plugin', 'lib/protocols'];
const ENGINE = [...BASE, 'operators', 'lib/rules', 'lib/engine'];
const COMPONENTS = ['schedules', 'providers', 'guns', 'aggregators', 'pool-operators', 'scenario', 'observers'].map(
  inLib,
);
const CONFIG = [
  ...ENGINE,
  'lib/wire',
  'lib/protobuf',
  'lib/data',
  'lib/report',
  'lib/record',
  'lib/view',
  'lib/page',
  ...COMPONENTS,
  'lib/builtins',
  'lib/config',
];
const OUTPUTS = ['shares', 'preflight', 'rehearsal', 'compare', 'capacity'].map(inLib);
/** Several machines: the transport and the workers of shares. */
const MESH = ['lib/shares', 'lib/record', 'lib/mesh'];
const RUN = [...CONFIG, ...OUTPUTS, 'lib/mesh', 'lib/run'];

const MAY_IMPORT = {
  'lib/core': [],
  'lib/time': CORE,
  'lib/plans': CORE,
  'lib/pull': [...CLOCKS, 'lib/plans'],
  'lib/measure': CORE,
  'lib/codec': CORE,
  'lib/protocols': CORE,
  'lib/wire': [...CLOCKS, 'lib/protocols'],
  'lib/protobuf': [...CORE, 'lib/codec', 'lib/protocols'],
  // A component is a value that works in a pipeline, so the plugin layer stands above the clocks and the pull side.
  'lib/plugin': BASE,
  operators: [...CLOCKS, 'lib/plans', 'lib/pull', 'lib/measure'],
  'lib/rules': [...CORE, 'lib/measure', 'lib/codec'],
  'lib/engine': [...BASE, 'operators', 'lib/rules'],
  // Sources and sinks are below the other components: text stands for them in the options of those.
  'lib/data': BASE,
  'lib/report': [...CORE, 'lib/plans', 'lib/measure'],
  'lib/record': [...ENGINE, 'lib/report'],
  // Also a part of the page, so it has no more than the types of what runs on Node (see below).
  'lib/view': [...CORE, 'lib/plans', 'lib/measure', 'operators', 'lib/engine'],
  'lib/page': [...ENGINE, 'lib/view', 'lib/record'],
  ...Object.fromEntries(COMPONENTS.map((folder) => [folder, [...ENGINE, 'lib/data']])),
  'lib/guns': [...ENGINE, 'lib/data', 'lib/wire', 'lib/protobuf'],
  'lib/observers': [...ENGINE, 'lib/data', 'lib/report', 'lib/record', 'lib/view', 'lib/page'],
  'lib/builtins': CONFIG,
  'lib/config': CONFIG,
  ...Object.fromEntries(OUTPUTS.map((folder) => [folder, CONFIG])),
  'lib/mesh': [...CONFIG, ...MESH],
  'lib/rehearsal': [...CONFIG, 'lib/capacity'],
  'lib/target': [...CLOCKS, 'lib/codec', 'lib/protocols', 'lib/protobuf'],
  'lib/run': RUN,
  'lib/cli': [...RUN, 'lib/target'],
  'lib/testing': RUN,
};

function inLib(folder) {
  return `lib/${folder}`;
}

/** It gives the public entries to the modules of users, and so loads them. No other file below them may. */
const GIVES_ENTRIES = '^lib/config/modules/importModule\\.ts$';

const within = (folders) => `^(${folders.join('|')})/`;

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      // A dynamic import is no part of loading a module, so it closes no circle.
      to: {
        circular: true,
        dependencyTypesNot: ['type-only', 'dynamic-import'],
        viaOnly: { dependencyTypesNot: ['type-only', 'dynamic-import'] },
      },
    },
    ...Object.entries(MAY_IMPORT).map(([folder, allowed]) => ({
      name: `${folder.replace('lib/', '')}-imports-lower-layers`,
      severity: 'error',
      from: { path: `^${folder}/(?!index\\.ts$)`, pathNot: GIVES_ENTRIES },
      to: { path: '^(lib|operators)/', pathNot: within([folder, ...allowed]) },
    })),
    {
      name: 'every-folder-has-a-layer',
      severity: 'error',
      from: { path: '^lib/.+/', pathNot: within(Object.keys(MAY_IMPORT)) },
      to: {},
    },
    {
      name: 'core-is-types',
      severity: 'error',
      from: { path: '^lib/core/' },
      to: { pathNot: '^lib/core/', dependencyTypesNot: ['type-only'] },
    },
    {
      // The page of a run reads events in a browser; its bundle replaces packing.ts.
      name: 'results-run-in-a-browser',
      severity: 'error',
      from: { path: '^lib/(measure|record/[^/]+\\.ts$)', pathNot: '^lib/measure/packing\\.ts$' },
      to: { dependencyTypes: ['core'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'view-works-in-a-browser',
      severity: 'error',
      from: { path: '^lib/view/' },
      to: { pathNot: within([...CORE, 'lib/plans', 'lib/measure', 'lib/view']), dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-barrel-inside',
      severity: 'error',
      from: { path: '^(lib/.+/|operators/(?!index\\.ts))', pathNot: GIVES_ENTRIES },
      to: { path: '^(lib|operators)/index\\.ts$' },
    },
    {
      name: 'product-without-spec',
      severity: 'error',
      from: { path: '^(lib|operators)/' },
      to: { path: '^(spec|examples|bench)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { conditionNames: ['import', 'types', 'default'], exportsFields: ['exports'] },
  },
};
