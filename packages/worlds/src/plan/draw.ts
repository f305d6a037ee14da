import { Random, randomBundling } from '@soar-feed/soar-simulator';
import type { Behaviour } from '@soar-feed/soar-simulator';
import { kinds } from '../worlds/kinds.js';
import type { Site, Step, Story } from './Story.js';

/** How long the analysts work, ms. */
const WORK_MS = 60_000;

/** What may come between an incident and the note about its origin for more than ten seconds. */
const OUTAGES: ReadonlySet<Step['do']> = new Set([
  'fault',
  'unread',
  'crash',
  'restart',
  'suspend',
  'disk',
  'slow-disk',
  'clock',
]);

/** The story of a seed. */
export function draw(seed: number): Story {
  const random = new Random(seed * 7_919 + 17);
  const chosen = [
    ...new Set(Array.from({ length: random.integer(1, 3) }, () => random.pick(Object.keys(kinds)))),
  ].sort();
  const loaded = random.chance(0.3);
  const plain: Story = {
    seed,
    kinds: chosen,
    behaviour: { ...randomBehaviour(random), ...randomBundling(seed) },
    site: { ...randomSite(random, loaded), ...bySeed(seed) },
    clocks: { source: 0, target: 0, host: 0 },
    incidents: random.integer(1, 3),
    // A few objects are enough for most troubles, and take less time; every fourth world has large incidents.
    ...(seed % 4 === 0 ? {} : { objects: [3, 8] as const }),
    seeding: loaded ? 'loaded' : 'queued',
    steps: Array.from({ length: random.integer(10, 40) }, (): Step => ({
      atMs: random.integer(0, WORK_MS),
      do: 'work',
      seed: random.integer(1, 1_000_000),
    })),
  };
  const story = chosen.reduce((before, name) => {
    const more = kinds[name]?.(random, WORK_MS) ?? {};
    return {
      ...before,
      ...more,
      behaviour: { ...before.behaviour, ...more.behaviour },
      site: { ...before.site, ...more.site },
      clocks: { ...before.clocks, ...more.clocks },
      steps: [...before.steps, ...(more.steps ?? [])],
    };
  }, plain);
  return fair({ ...story, steps: [...story.steps].sort((a, b) => a.atMs - b.atMs) });
}

/** Without what no product could get right; docs/testing.md says what that is. */
function fair({ site, seeding, kinds: drawn, ...story }: Story): Story {
  const meets = (happenings: ReadonlySet<Step['do']>): boolean => story.steps.some((step) => happenings.has(step.do));
  const isOpposite = site.opposite !== undefined && site.opposite !== false;
  // Only the note about its origin shows where an incident came from, and an outage keeps it away.
  const references = site.references || (isOpposite && meets(OUTAGES));
  // By another name, nobody can tell what came from an incident that is gone.
  const isLost = site.opposite === 'by-another-name' && meets(new Set(['restore']));
  // Messages about changes of one millisecond come in any order where two hosts had them.
  const isHandedOver = story.steps.some((step) => step.do === 'suspend' && step.successor === true);
  // What an old mapping says of incidents that did not match holds until they change, or are loaded.
  const isOld = site.filtered === true && meets(new Set(['copy-mapping'])) && meets(new Set(['lose-mapping']));
  // A file feed has only what it was told of, so an incident that nobody loads is not whole there.
  const isUnseen = seeding === 'unseen' && !site.fileFeed && !site.reload;
  return {
    ...story,
    steps: isHandedOver ? spread(story.steps) : story.steps,
    site: { ...site, references, reload: site.reload || isOld, ...(isLost ? { opposite: true } : {}) },
    seeding: seeding === 'unseen' && site.fileFeed ? 'queued' : seeding,
    kinds: drawn.filter((kind) => kind !== 'unseen' || isUnseen),
  };
}

/** Each in a millisecond of its own, and bursts one step at a time. */
function spread(steps: readonly Step[]): readonly Step[] {
  let lastMs = -1;
  const single = steps.flatMap((step): readonly Step[] =>
    step.do === 'threads' || step.do === 'families'
      ? Array.from({ length: step.steps }, (_, at) => ({ ...step, steps: 1, seed: step.seed + at }))
      : [step],
  );
  return single.map((step) => ({ ...step, atMs: (lastMs = Math.max(lastMs + 1, step.atMs)) }));
}

/** Without chance, so that the rest of a known seed's story stays what it was. */
function bySeed(seed: number): Partial<Site> {
  return {
    ...(seed % 5 === 0 ? { bundleCreates: false } : {}),
    ...(seed % 3 === 0 ? { concurrency: 'auto' } : {}),
    ...(seed % 11 === 0 ? { requestsPerSecond: 10 } : {}),
    ...(seed % 7 === 0 ? { quiet: true } : {}),
  };
}

/** Decides at random what the platform's public facts leave open. */
function randomBehaviour(random: Random): Partial<Behaviour> {
  return {
    autoTaskMessages: random.pick(['before-incident', 'after-incident']),
    autoTasks: random.pick(['at-once', 'at-once', 'later']),
    searchLagMs: random.pick([0, 0, 300, 5_000]),
    deletedThread: random.pick(['blanked', 'blanked', 'removed']),
    blankedNoteMessage: random.pick(['modified', 'deleted']),
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

function randomSite(random: Random, reload: boolean): Site {
  return {
    fileFeed: random.chance(0.4),
    login: random.pick(['api-key', 'api-key', 'email']),
    references: random.chance(0.7),
    reload: reload || random.chance(0.1),
    queryMethod: random.chance(0.3),
    requestMaxRetries: random.pick([0, 1, 2]),
    prefetch: random.pick([5, 25, 50]),
    concurrency: random.pick([1, 4, 16]),
    spillAfterMs: random.pick([1_000, 5_000, 30_000]),
  };
}
