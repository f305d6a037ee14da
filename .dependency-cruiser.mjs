// The direction of imports between packages (docs/architecture.md draws it) and the ban on cycles.
const only = (from, allowed) => ({
  name: `${from}-imports`,
  severity: 'error',
  comment: `${from} may import only: ${allowed.join(', ') || 'none of our packages'}`,
  from: { path: `^packages/${from}/src` },
  to: {
    path: '^packages/',
    pathNot: ['/node_modules/', `^packages/${from}/src`, ...allowed.map((name) => `^packages/${name}/`)].join('|'),
  },
});

/** A room of resilient-feed, and the rooms and files below it that it may use. */
const room = (name, ...below) => ({
  name: `resilient-feed-${name.replace('/', '-')}`,
  severity: 'error',
  comment: `${name} may import only: ${below.join(', ') || 'no other room'}`,
  from: { path: `^packages/resilient-feed/src/${name}/${name === 'write' ? '[^/]+$' : ''}` },
  to: {
    path: '^packages/resilient-feed/src/',
    pathNot: [
      `^packages/resilient-feed/src/(${[name, ...below].join('|')})/${name === 'write' ? '[^/]+$' : ''}`,
      // The job and the object that all rooms of `write` and `echo` pass around.
      ...(/^write|^echo/.test(name) ? ['^packages/resilient-feed/src/write/[^/]+$'] : []),
      '^packages/resilient-feed/src/(BoundedCache|Clocks|optionalReading)[.]ts$',
    ].join('|'),
  },
});

export default {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-type-cycles',
      severity: 'error',
      comment: 'no circle of imports, types included',
      from: { path: '^packages/(?!core/)[^/]+/src' },
      to: { circular: true },
    },
    room('fields'),
    room('decide', 'mapping'),
    room('filter', 'fields'),
    room('mapping', 'fields'),
    room('translate', 'fields'),
    room('write', 'fields', 'mapping', 'translate'),
    room('write/types', 'fields', 'mapping', 'translate'),
    room('write/find', 'fields', 'mapping', 'translate', 'write/types'),
    room('write/update', 'fields', 'mapping', 'translate', 'write/types', 'write/find'),
    room('write/create', 'fields', 'mapping', 'translate', 'write/types', 'write/update'),
    room('write/remove', 'fields', 'mapping', 'decide', 'write/types', 'write/update', 'write/create'),
    room('echo', 'fields', 'mapping', 'translate', 'write/types'),
    {
      name: 'sql-behind-the-mapping',
      severity: 'error',
      comment: "the mapping's tables are known to the mapping only",
      from: { path: '^packages/resilient-feed/src', pathNot: '^packages/resilient-feed/src/mapping/' },
      to: { path: '^packages/resilient-feed/src/mapping/table/|node_modules/knex/' },
    },
    only('soar-client', []),
    only('soar-simulator', []),
    only('core', ['soar-client']),
    only('store', ['core']),
    only('file-feed', ['core']),
    only('feed-testkit', ['core', 'soar-simulator']),
    only('resilient-feed', ['core', 'soar-client', 'store']),
    only('cli', ['core', 'store']),
    only('mutation', []),
    only('packing', []),
    // It runs the host as a process and judges from outside: none of its code.
    only('chaos', ['soar-simulator']),
    {
      name: 'core-stays-light',
      severity: 'error',
      comment: 'core never knows the database, a target or the command line',
      from: { path: '^packages/core/src' },
      to: { path: 'node_modules/(knex|sqlite3|yargs)/' },
    },
    {
      name: 'container-at-the-root',
      severity: 'error',
      comment: 'only composition roots know inversify',
      from: {
        path: '^packages/[^/]+/src',
        pathNot:
          '(\\.module|/index|/host/.+|/contract/(tokens|FeedTargetPackage)|/feedTarget|/storeModule)\\.ts$|^packages/(cli|bench)/src',
      },
      to: { path: 'node_modules/inversify/' },
    },
    {
      name: 'front-door-only',
      severity: 'error',
      comment: 'no package reaches into another one past its doors',
      from: { path: '^packages/([^/]+)/' },
      to: { path: '^packages/([^/]+)/src/', pathNot: ['^packages/$1/', '^packages/[^/]+/src/(index|runtime)\\.ts$'] },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    exclude: { path: '(^|/)(dist|node_modules/(?!inversify|knex|sqlite3|yargs))' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['types', 'import', 'default'] },
  },
};
