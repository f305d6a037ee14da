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

/** A room of core, and the rooms below it that it may use. */
const coreRoom = (name, ...below) => ({
  name: `core-${name}`,
  severity: 'error',
  comment: `${name} may import only: ${below.join(', ') || 'no other room'}`,
  from: { path: `^packages/core/src/${name}/` },
  to: { path: '^packages/core/src/', pathNot: `^packages/core/src/(${[name, ...below].join('|')})/` },
});

/** `inside` is known to the files of `for` only; `why` says to whom a newcomer should go instead. */
const inside = (name, path, whose, why) => ({
  name,
  severity: 'error',
  comment: why,
  from: { path: '^packages/core/src', pathNot: whose },
  to: { path },
});

export default {
  forbidden: [
    { name: 'no-cycles', severity: 'error', comment: 'types included', from: {}, to: { circular: true } },
    coreRoom('contract'),
    coreRoom('telemetry', 'contract'),
    coreRoom('trouble', 'contract'),
    coreRoom('hierarchy', 'contract'),
    coreRoom('lanes', 'contract'),
    coreRoom('shape', 'contract', 'hierarchy'),
    coreRoom('config', 'contract', 'telemetry'),
    coreRoom('customize', 'contract'),
    coreRoom('source', 'contract', 'trouble', 'hierarchy', 'shape', 'config'),
    coreRoom('parking', 'contract', 'trouble', 'hierarchy', 'lanes', 'source'),
    {
      name: 'core-parking-below-its-return',
      severity: 'error',
      comment: 'rows are kept without the source; only their way back asks it',
      from: { path: '^packages/core/src/parking/[^/]+$' },
      to: { path: '^packages/core/src/(source|parking/return)/' },
    },
    coreRoom('delivery', 'contract', 'telemetry', 'trouble', 'hierarchy', 'lanes', 'shape', 'source', 'parking'),
    coreRoom('showing', 'contract', 'telemetry', 'trouble'),
    coreRoom('routing', 'contract', 'config', 'delivery'),
    coreRoom(
      'intake',
      ...['contract', 'telemetry', 'trouble', 'hierarchy', 'lanes', 'shape', 'config', 'source', 'parking'],
      ...['delivery', 'routing'],
    ),
    inside(
      'waiting-exists-once',
      '^packages/core/src/trouble/backoff[.]ts$',
      // The target, the source and the store, each once; a message in hand; a reload that could not begin.
      '^packages/core/src/(delivery/|source/patience/|parking/durably[.]|intake/queue/bringBack[.]|intake/reload/Reloads[.]|trouble/)',
      'who asks the source or the store asks it patiently, and does not wait by itself',
    ),
    inside(
      'patience-is-a-wrapper',
      '^packages/core/src/source/patience/',
      '^packages/core/src/(source/patience|delivery|parking/return|intake|host)/',
      'what is asked knows nothing of who asks it patiently',
    ),
    inside(
      'rows-come-back-by-one-way',
      '^packages/core/src/parking/return/(?!(RowReturn|FeedDoor)[.])',
      '^packages/core/src/parking/return/',
      'parked rows come back through RowReturn, and through the one door of a feed',
    ),
    inside(
      'a-feed-keeps-its-rows',
      '^packages/core/src/parking/Parking[.]ts$',
      '^packages/core/src/(parking|delivery|host/compose)/',
      'ask the feed, not its rows',
    ),
    inside(
      'wired-at-the-root',
      '^packages/core/src/host/compose/(make(Feeds|Running)|hostContainer)[.]ts$',
      '^packages/core/src/host/(compose/|createFeedHost[.]|FeedHost[.]|check/|inspect/|examine/)',
      'createFeedHost is the one place that wires a host',
    ),
    room('fields'),
    room('decide', 'fields', 'mapping'),
    room('filter', 'fields'),
    room('mapping', 'fields'),
    room('translate', 'fields'),
    room('write', 'fields', 'mapping', 'translate'),
    room('write/types', 'fields', 'mapping', 'translate'),
    room('write/find', 'fields', 'mapping', 'translate', 'write/types'),
    room('write/update', 'fields', 'mapping', 'translate', 'write/types', 'write/find'),
    room('write/create', 'fields', 'mapping', 'translate', 'write/types', 'write/update'),
    room('write/remove', 'fields', 'mapping', 'decide', 'write/types', 'write/update', 'write/create'),
    room('examine', 'fields', 'filter', 'translate', 'echo'),
    room('rehearse'),
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
    only('sql-feed', ['core', 'store']),
    only('elastic-feed', ['core']),
    only('kafka-feed', ['core']),
    only('splunk-feed', ['core', 'store']),
    only('webhook-feed', ['core']),
    only('create-feed-target', []),
    only('feed-testkit', ['core', 'soar-simulator']),
    only('resilient-feed', ['core', 'soar-client', 'store']),
    only('page', ['core']),
    only('cli', ['core', 'store', 'page']),
    only('worlds', ['core', 'store', 'soar-client', 'soar-simulator', 'resilient-feed', 'file-feed']),
    only('mutation', []),
    only('packing', []),
    // It runs the host as a process and judges from outside: none of its code.
    only('chaos', ['soar-simulator']),
    {
      name: 'page-renders-only',
      severity: 'error',
      comment: 'the page gets plain data: of core it knows types only, and it asks nobody',
      from: { path: '^packages/page/src' },
      to: { path: '^packages/core/', dependencyTypesNot: ['type-only'] },
    },
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
          '(\\.module|/index|/host/.+|/contract/(tokens|FeedTargetPackage)|/feedTarget|/storeModule)\\.ts$|^packages/(cli|bench|worlds)/src',
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
