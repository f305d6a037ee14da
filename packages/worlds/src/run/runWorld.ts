import { seedIncidents, withoutRules } from '@soar-feed/soar-simulator';
import type { Finding } from '../oracles/Finding.js';
import { judgeFailed, judgeInstant, judgeQuiet, wordsOf } from '../oracles/judge.js';
import { CANARY } from '../oracles/judgeSecrets.js';
import type { Story } from '../plan/Story.js';
import { drive } from '../virtual/drive.js';
import { runIn } from '../virtual/lives.js';
import { Machine, useMachine } from '../virtual/Machine.js';
import { perform } from '../world/perform.js';
import { EXCLUDED_FIELD } from '../world/siteConfig.js';
import type { Place } from '../world/World.js';
import { World } from '../world/World.js';
import { whatMoves } from './whatMoves.js';

/** How long nothing may happen before all counts as quiet, ms: longer than any back-off and any late commit. */
const STILL_MS = 45_000;
/** Everything must be quiet this long after the last trouble, ms. */
const QUIET_WITHIN_MS = 4 * 3_600_000;
const POLL_MS = 5_000;
/** When a running host is judged, too: once so much of the happenings is left. */
const JUDGED_AT = [0.75, 0.5, 0.25, 0];
const STOPPED_WITHIN_MS = 120_000;
/** Longer than any index is behind. */
const INDEXED_MS = 10_000;
/** A request for every few facts is usual; a multiple of that is a storm. */
const REQUESTS = { forStart: 400, perMessage: 60 };
/** A world that does more goes round in circles: the largest does some hundred requests and some thousand effects. */
const MOST = { requests: 5_000, effects: 50_000 };

export interface WorldResult {
  readonly story: Story;
  readonly findings: readonly Finding[];
  /** Equal stories have equal traces. */
  readonly trace: string;
  /** How often rare states were met. */
  readonly counts: Readonly<Record<string, number>>;
  readonly requests: number;
  /** How many moments there were at which a process might have died. */
  readonly effects: number;
  readonly virtualMs: number;
}

/** Lets one story happen, and judges what it left. Worlds of one process run one after another. */
export function runWorld(story: Story, place: Place): Promise<WorldResult> {
  const machine = new Machine(story.seed);
  useMachine(machine);
  return runIn(undefined, async () => {
    const world = await World.open(machine, story, place);
    const findings: Finding[] = [];
    world.onCrash = async () => void findings.push(...(await judgeInstant(world)));
    const begunMs = machine.time.nowMs;
    try {
      await live(world, findings);
    } catch (error) {
      const check = error instanceof Storm ? 'storm' : 'host';
      findings.push({ check, text: `The world broke: ${wordsOf(error)}` });
    } finally {
      await world.close();
    }
    return {
      story,
      findings,
      trace: world.trace,
      counts: world.counts,
      requests: requestsOf(world),
      effects: world.effects,
      virtualMs: machine.time.nowMs - begunMs,
    };
  });
}

async function live(world: World, findings: Finding[]): Promise<void> {
  const { machine, story, source } = world;
  const { incidents, objects, seed, seeding } = story;
  seedIncidents(source, { incidents, objects, seed, messages: seeding === 'queued' });
  const hide = (): void => {
    for (const id of source.incidentIds())
      source.updateIncident(id, { properties: { [EXCLUDED_FIELD]: `${CANARY} ${id}` } });
  };
  // A message would bring the incident before a load does, without what travels inside its create.
  if (seeding === 'queued') hide();
  else withoutRules(source, hide);
  world.heard.clear();
  // What existed before has reached the search index.
  machine.time.after(INDEXED_MS, undefined, () => {
    world.start();
    world.opposite?.start();
  });
  let left = story.steps.length;
  for (const step of story.steps) {
    machine.time.after(INDEXED_MS + step.atMs, undefined, () => {
      left -= 1;
      // Before, too: what the analysts are about to change may never have been seen.
      world.look();
      perform(world, step);
      world.look();
    });
  }
  const endMs = machine.time.nowMs + QUIET_WITHIN_MS;
  for (const share of JUDGED_AT) {
    await driveOn(world, endMs, () => left <= story.steps.length * share);
    findings.push(...(await judgeInstant(world)));
  }
  if (!(await comeToRest(world, findings))) return;
  if (world.wantsReload) {
    world.restart(10);
    if (!(await comeToRest(world, findings))) return;
  }
  if ((world.counts['refusal'] ?? 0) > 0) {
    findings.push(...(await judgeFailed(world)));
    if (!(await retry(world, findings))) return;
  }
  if (!(await comeToAnEnd(world, findings))) return;
  const { host } = world;
  for (const each of [host, world.opposite?.host]) if (each !== undefined) world.exited(each);
  for (const each of world.hosts)
    for (const { event } of each.lines) if (event !== undefined) world.count(`log ${event}`);
  findings.push(...(await judgeQuiet(world)), ...judgeStorm(world));
}

/** A person has what failed tried again, and once more if the process was killed meanwhile. */
async function retry(world: World, findings: Finding[]): Promise<boolean> {
  for (;;) {
    const kills = world.counts['killed'];
    world.host?.retryFailed();
    if (!(await comeToRest(world, findings))) return false;
    if (world.counts['killed'] === kills) return true;
  }
}

/** Stops everything. Whoever is killed in the middle of it has a successor, which must come to rest and stop in turn. */
async function comeToAnEnd(world: World, findings: Finding[]): Promise<boolean> {
  const { machine, opposite } = world;
  const within = (isOver: () => boolean): Promise<boolean> =>
    driveOn(world, machine.time.nowMs + STOPPED_WITHIN_MS, isOver);
  for (;;) {
    const { host } = world;
    world.stop();
    const hasEnded = (): boolean => host?.stopped === true || host?.stopFailure !== undefined;
    const ended = await within(() => hasEnded() || world.host !== host);
    if (!ended) findings.push({ check: 'quiet', text: 'The host does not stop.' });
    if (!ended || hasEnded()) break;
    world.count('killed while it stopped');
    if (!(await comeToRest(world, findings))) return false;
  }
  opposite?.stop();
  if (!(await within(() => opposite?.isStopped !== false)))
    findings.push({ check: 'quiet', text: 'The second host does not stop.' });
  return true;
}

async function comeToRest(world: World, findings: Finding[]): Promise<boolean> {
  const { machine } = world;
  const deadlineMs = machine.time.nowMs + QUIET_WITHIN_MS;
  let stillSinceMs = machine.time.nowMs;
  let requests = -1;
  for (;;) {
    world.look();
    const moving = whatMoves(world);
    const total = requestsOf(world);
    if (moving !== undefined || total !== requests) stillSinceMs = machine.time.nowMs;
    requests = total;
    if (machine.time.nowMs - stillSinceMs >= STILL_MS) return true;
    if (machine.time.nowMs > deadlineMs) {
      const text = `It does not come to rest: ${moving ?? 'requests are made'}`;
      findings.push({ check: 'quiet', text });
      findings.push(...world.mishaps.map((mishap): Finding => ({ check: 'host', text: mishap })));
      return false;
    }
    let over = false;
    machine.time.after(POLL_MS, undefined, () => (over = true));
    await driveOn(world, Infinity, () => over);
  }
}

class Storm extends Error {}

/** Throws `Storm` once the world has gone round in circles. */
function driveOn(world: World, untilMs: number, isOver: () => boolean): Promise<boolean> {
  return drive(world.machine, untilMs, () => {
    const requests = requestsOf(world);
    if (requests > MOST.requests || world.effects > MOST.effects)
      throw new Storm(`${requests} requests, ${world.effects} effects, and no end`);
    return isOver();
  });
}

function judgeStorm(world: World): readonly Finding[] {
  const { simulator, counts, opposite } = world;
  const messages = new Set(simulator.broker.acked.map((ack) => ack.messageId)).size;
  const starts = (counts['start'] ?? 1) + (opposite?.hosts.length ?? 0);
  const most = REQUESTS.forStart * starts + REQUESTS.perMessage * messages;
  const total = requestsOf(world);
  return total <= most
    ? []
    : [{ check: 'storm', text: `${total} requests for ${messages} messages; ${most} would do` }];
}

/** Without those that only ask whether the organization is there, which never end. */
function requestsOf({ simulator: { requests } }: World): number {
  return requests.total - (requests.byRoute['GET /session'] ?? 0);
}
