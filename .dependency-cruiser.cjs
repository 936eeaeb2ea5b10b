const COMPONENTS = '(schedules|data|providers|guns|aggregators|pool-operators|scenario)';
/** It gives the public entries to users' modules, and so loads them. Nothing else below them may. */
const GIVES_ENTRIES = '^lib/config/modules/ownModules\\.ts$';
const layer = (name, from, to) => ({ name, severity: 'error', from: { path: from }, to: { path: to } });

/** Layers of docs/ARCHITECTURE.md: import your own layer or a lower one, never a higher one, never a sibling. */
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
    {
      name: 'core-is-types',
      severity: 'error',
      from: { path: '^lib/core/' },
      to: { pathNot: '^lib/core/', dependencyTypesNot: ['type-only'] },
    },
    layer(
      'base-imports-core',
      '^lib/(coreutil|codec|plugin|protocols)/',
      '^(operators|lib/(?!core/|coreutil/|codec/|plugin/|protocols/))',
    ),
    layer('base-no-siblings', '^lib/(coreutil|codec|plugin|protocols)/', '^lib/(coreutil|codec|plugin|protocols)/'),
    layer('operators-import-base', '^operators/', '^lib/(?!core/|coreutil/)'),
    layer(
      'engine-imports-operators',
      '^lib/engine/',
      `^lib/(${COMPONENTS}|plugin-config|builtins|config|report|dashboard|distribution|rehearsal|preflight|target|run|cli|testing)/`,
    ),
    layer(
      'components-below-config',
      `^lib/${COMPONENTS}/`,
      '^lib/(plugin-config|builtins|config|report|dashboard|distribution|rehearsal|preflight|target|run|cli|testing)/',
    ),
    layer('components-no-siblings', `^lib/${COMPONENTS}/`, `^lib/${COMPONENTS}/`),
    layer(
      'config-below-outputs',
      '^lib/(plugin-config|builtins|config)/',
      '^lib/(report|dashboard|distribution|rehearsal|preflight|run|cli|testing)/',
    ),
    layer(
      'outputs-below-cli',
      '^lib/(report|dashboard|distribution|rehearsal|preflight|target)/',
      '^lib/(run|cli|testing)/',
    ),
    layer(
      'outputs-no-siblings',
      '^lib/(report|dashboard|distribution|rehearsal|preflight|target)/',
      '^lib/(report|dashboard|distribution|rehearsal|preflight|target)/',
    ),
    layer('target-stands-alone', '^lib/target/', '^(operators|lib/(?!target/|core/|coreutil/))'),
    layer('run-below-cli', '^lib/run/', '^lib/(cli|testing|target)/'),
    layer('cli-without-testing', '^lib/cli/', '^lib/testing/'),
    layer('no-barrel-inside', '^(lib/.+/|operators/(?!index\\.ts))', '^(lib|operators)/index\\.ts$'),
    layer('product-without-spec', '^(lib|operators)/', '^(spec|examples|bench)/'),
  ].map((rule) => {
    // A folder may always import itself.
    const own = { 'base-no-siblings': 1, 'components-no-siblings': 1, 'outputs-no-siblings': 1 };
    if (!own[rule.name]) return { ...rule, from: { ...rule.from, ...(rule.from.path && { pathNot: GIVES_ENTRIES }) } };
    const from = { path: rule.from.path.replace('^lib/', '^lib/').replace(/\/$/, '/') };
    return { ...rule, from, to: { path: rule.to.path, pathNot: '^lib/$1/' } };
  }),
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { conditionNames: ['import', 'types', 'default'], exportsFields: ['exports'] },
  },
};
