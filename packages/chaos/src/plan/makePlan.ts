import type { Behaviour } from '@soar-feed/soar-simulator';
import { Random, randomBundling } from '@soar-feed/soar-simulator';
import type { Disturbance, Plan, SitePlan } from './Plan.js';
import { randomFault } from './randomFault.js';
import { randomReadingFault } from './randomReadingFault.js';

/** Operations per second: the workload takes three to five seconds. */
const PER_SECOND = 40;

/** How far the clock of a neglected server is off, ms. */
const OFF_MS = 20 * 60_000;

/** `fanOut`: the same trouble, for several feeds of different kinds at once. */
export function makePlan(seed: number, wantedOperations?: number, { fanOut = false } = {}): Plan {
  const random = new Random(seed * 7919 + 17);
  const operations = wantedOperations ?? random.integer(120, 200);
  const restored = random.chance(0.35);
  const poisoned = !restored && random.chance(0.2);
  const seeding = random.chance(0.4) ? 'loaded' : 'queued';
  return {
    seed,
    behaviour: { ...randomBehaviour(random), ...randomBundling(seed), ...(poisoned ? { maxAttachmentMb: 1 } : {}) },
    site: {
      ...randomSite(random, restored || seeding === 'loaded'),
      ...(restored ? { queryMethod: true } : {}),
      // Without chance, so that the rest of a known seed's plan stays what it was.
      ...(seed % 5 === 0 ? { bundleCreates: false } : {}),
      ...(seed % 3 === 0 ? { concurrency: 'auto' } : {}),
      ...(fanOut ? { fileFeed: true, sqlFeed: true } : {}),
    },
    clocks: { source: randomOffsetMs(random), target: randomOffsetMs(random) },
    incidents: random.integer(8, 12),
    seeding,
    operations,
    perSecond: PER_SECOND,
    disturbances: [
      ...randomFaults(random, operations),
      ...randomBlows(random, operations),
      ...randomNews(random, operations),
      ...(restored ? randomRestore(random, operations) : []),
      ...(poisoned ? [{ at: random.integer(1, operations - 1), kind: 'poison' } as const] : []),
    ].sort((a, b) => a.at - b.at),
  };
}

/** Decides at random what the platform's public facts leave open. */
function randomBehaviour(random: Random): Partial<Behaviour> {
  return {
    autoTaskMessages: random.pick(['before-incident', 'after-incident']),
    autoTasks: random.pick(['at-once', 'at-once', 'later']),
    searchLagMs: random.pick([0, 0, 300, 1_500]),
    deletedThread: random.pick(['blanked', 'blanked', 'removed']),
    childDeleteMessages: random.chance(0.2),
    fieldsNotSent: random.pick(['cleared', 'kept']),
    taskPatch: random.pick(['allowed', 'allowed', 'refused']),
    staleRowVersion: random.pick(['refused', 'ignored']),
    tableDataKeys: random.pick(['id', 'name']),
    messageNulls: random.pick(['present', 'omitted']),
    deleteAnswer: random.pick(['success-body', 'no-content']),
    searchHandles: random.pick(['mixed', 'mixed', 'objects', 'ids']),
    emptyMembers: random.pick(['public', 'private']),
    fileArtifactAnswer: random.pick(['object', 'list']),
  };
}

function randomSite(random: Random, reload: boolean): SitePlan {
  return {
    fileFeed: random.chance(0.4),
    sourceLogin: random.pick(['api-key', 'api-key', 'email']),
    targetLogin: random.pick(['api-key', 'api-key', 'email']),
    references: random.chance(0.7),
    reload: reload || random.chance(0.1),
    queryMethod: random.chance(0.3),
    requestMaxRetries: random.pick([0, 1, 2]),
    prefetch: random.pick([5, 25, 50]),
    concurrency: random.pick([1, 4, 16]),
    spillAfterMs: random.pick([1_000, 1_000, 30_000]),
  };
}

function randomFaults(random: Random, operations: number): readonly Disturbance[] {
  return Array.from({ length: random.integer(2, 5) }, () => {
    const at = random.integer(0, operations - 10);
    const until = Math.min(operations, at + random.integer(8, 30));
    const side = random.chance(0.7) ? 'target' : 'source';
    return { at, until, kind: 'fault', side, fault: randomFault(random) };
  });
}

/** Most servers' clocks are right; the others are off by twenty minutes. */
function randomOffsetMs(random: Random): number {
  return random.pick([0, 0, 0, OFF_MS, -OFF_MS]);
}

/** What the source's analysts and servers do besides the usual work. */
function randomNews(random: Random, operations: number): readonly Disturbance[] {
  const at = (): number => random.integer(0, operations - 1);
  const sides = ['source', 'target'] as const;
  const some = (most: number, make: () => Disturbance): Disturbance[] =>
    Array.from({ length: random.integer(0, most) }, make);
  return [
    ...some(1, () => ({
      at: at(),
      kind: 'clock',
      side: random.pick(sides),
      offsetMs: random.pick([0, OFF_MS, -OFF_MS]),
    })),
    ...some(2, () => ({ at: at(), kind: 'threads', seed: random.integer(1, 1_000_000), steps: random.integer(8, 20) })),
    ...some(1, () => ({ at: at(), kind: 'large-integers', count: random.integer(1, 4) })),
    ...some(1, () => ({
      at: random.pick([0, at()]),
      until: operations,
      kind: 'fault',
      side: random.pick(sides),
      fault: randomReadingFault(random),
    })),
  ];
}

function randomRestore(random: Random, operations: number): readonly Disturbance[] {
  const backedUpAt = random.integer(5, Math.floor(operations / 2));
  const at = random.integer(backedUpAt + 10, operations - 10);
  return [
    { at: backedUpAt, kind: 'back-up' },
    { at, kind: 'restore', ids: random.pick(['given-again', 'continued']) },
  ];
}

/** What strikes at one moment. */
function randomBlows(random: Random, operations: number): readonly Disturbance[] {
  const at = (): number => random.integer(0, operations - 1);
  const downMs = (): number => random.pick([0, 50, 400]);
  const methods = ['POST', 'POST', 'PATCH', 'PUT', 'DELETE'];
  const some = (most: number, make: () => Disturbance): Disturbance[] =>
    Array.from({ length: random.integer(0, most) }, make);
  return [
    ...some(1, () => ({ at: at(), kind: 'kill', downMs: downMs() })),
    ...some(2, () => ({ at: at(), kind: 'kill-at-request', method: random.pick(methods), downMs: downMs() })),
    ...some(1, () => ({ at: at(), kind: 'kill-at-ack', acks: random.integer(1, 20), downMs: downMs() })),
    ...some(1, () => ({ at: at(), kind: 'restart', downMs: downMs() })),
    ...some(1, () => ({ at: at(), kind: 'broker-restart', downMs: random.pick([0, 200, 600]) })),
    ...some(1, () => ({ at: at(), kind: 'drop-connections' })),
    ...some(1, () => ({ at: at(), kind: 'expire-sessions' })),
    ...some(2, () => ({ at: at(), kind: 'duplicate', count: random.integer(1, 10) })),
    ...some(2, () => ({
      at: at(),
      kind: 'late-parents',
      count: random.integer(1, 4),
      forMs: random.integer(100, 3_000),
    })),
    ...some(2, () => ({
      at: at(),
      kind: 'lock',
      store: random.pick(['state', 'mapping']),
      forMs: random.integer(100, 2_000),
    })),
  ];
}
