import { describe, expect, it } from '@jest/globals';
import { optionalReadings } from '@soar-feed/soar-simulator';
import type { FaultOptions } from '@soar-feed/soar-simulator';
import type { Disturbance, Plan, Side } from '../src/plan/Plan.js';
import { makePlan } from '../src/plan/makePlan.js';

/** The plans that CI runs. */
const plans = Array.from({ length: 20 }, (_, at) => makePlan(at + 1));

const kinds = ({ disturbances }: Plan): readonly Disturbance['kind'][] => disturbances.map(({ kind }) => kind);
const faults = ({ disturbances }: Plan): readonly FaultOptions[] =>
  disturbances.flatMap((each) => (each.kind === 'fault' ? [each.fault] : []));
const faultsAt = (plan: Plan, side: Side): readonly FaultOptions[] =>
  plan.disturbances.flatMap((each) => (each.kind === 'fault' && each.side === side ? [each.fault] : []));
const restores = ({ disturbances }: Plan): readonly string[] =>
  disturbances.flatMap((each) => (each.kind === 'restore' ? [each.ids] : []));
const isReading = ({ path }: FaultOptions): boolean =>
  Object.values(optionalReadings).some((each) => each.path === path);
const kills = (plan: Plan): boolean => kinds(plan).some((kind) => kind.startsWith('kill'));

describe('makePlan', () => {
  it('makes equal plans of equal seeds, and others of others', () => {
    expect(makePlan(7)).toEqual(makePlan(7));
    expect(makePlan(7)).not.toEqual(makePlan(8));
  });

  it.each<[string, (plan: Plan) => boolean]>([
    ['500', (plan) => faults(plan).some(({ status }) => status === 500)],
    ['503', (plan) => faults(plan).some(({ status }) => status === 503)],
    ['429', (plan) => faults(plan).some(({ status }) => status === 429)],
    ['resets before the commit', (plan) => faults(plan).some(({ reset }) => reset === 'before')],
    ['resets after the commit', (plan) => faults(plan).some(({ reset }) => reset === 'after')],
    ['commits after the line broke', (plan) => faults(plan).some(({ lateCommitMs }) => lateCommitMs !== undefined)],
    ['commits after the client gave up', (plan) => faults(plan).some(({ commitDelayMs = 0 }) => commitDelayMs > 2_000)],
    ['latency', (plan) => faults(plan).some(({ delayMs }) => delayMs !== undefined)],
    ['answers that break off', (plan) => faults(plan).some(({ truncate }) => truncate === true)],
    [
      'sessions that expire',
      (plan) =>
        kinds(plan).includes('expire-sessions') &&
        (plan.site.sourceLogin === 'email' || plan.site.targetLogin === 'email'),
    ],
    ['a broker that restarts', (plan) => kinds(plan).includes('broker-restart')],
    ['a broker that cuts its connections', (plan) => kinds(plan).includes('drop-connections')],
    ['messages that come twice', (plan) => kinds(plan).includes('duplicate')],
    ['children before their parents', (plan) => kinds(plan).includes('late-parents')],
    ['automatic tasks before their incident', ({ behaviour }) => behaviour.autoTaskMessages === 'before-incident'],
    [
      'a lagging index while a killed host loads anew',
      (plan) => plan.site.reload && (plan.behaviour.searchLagMs ?? 0) > 0 && kills(plan),
    ],
    [
      'a locked state database',
      ({ disturbances }) => disturbances.some((each) => each.kind === 'lock' && each.store === 'state'),
    ],
    [
      'a locked mapping',
      ({ disturbances }) => disturbances.some((each) => each.kind === 'lock' && each.store === 'mapping'),
    ],
    ['kill -9 at any moment', (plan) => kinds(plan).includes('kill')],
    ['kill -9 in a request', (plan) => kinds(plan).includes('kill-at-request')],
    ['kill -9 at an acknowledgement', (plan) => kinds(plan).includes('kill-at-ack')],
    ['a restart as a service manager does it', (plan) => kinds(plan).includes('restart')],
    ['an object that is refused for good', (plan) => kinds(plan).includes('poison')],
    ['a gateway’s 404', (plan) => faults(plan).some(({ gateway }) => gateway?.status === 404)],
    ['a gateway’s redirect', (plan) => faults(plan).some(({ gateway }) => gateway?.status === 302)],
    ['a gateway’s 503', (plan) => faults(plan).some(({ gateway }) => gateway?.status === 503)],
    [
      'a gateway before the commit',
      (plan) => faults(plan).some(({ gateway }) => gateway && gateway.commit !== 'after'),
    ],
    ['a gateway after the commit', (plan) => faults(plan).some(({ gateway }) => gateway?.commit === 'after')],
    ['a gateway at the source', (plan) => faultsAt(plan, 'source').some(({ gateway }) => gateway !== undefined)],
    ['a gateway at the target', (plan) => faultsAt(plan, 'target').some(({ gateway }) => gateway !== undefined)],
    ['a clock of the source that is off', ({ clocks }) => clocks.source !== 0],
    ['a clock of the target that is off', ({ clocks }) => clocks.target !== 0],
    ['a clock that is set', (plan) => kinds(plan).includes('clock')],
    ['a source restored, with its ids given again', (plan) => restores(plan).includes('given-again')],
    ['a source restored, with new ids', (plan) => restores(plan).includes('continued')],
    ['threads of three levels', (plan) => kinds(plan).includes('threads')],
    ['integers that a double cannot hold', (plan) => kinds(plan).includes('large-integers')],
    [
      'an optional reading that is refused',
      (plan) => faults(plan).some((fault) => isReading(fault) && fault.status === 403),
    ],
    [
      'an optional reading that is slow',
      (plan) => faults(plan).some((fault) => isReading(fault) && fault.delayMs !== undefined),
    ],
    ['two feeds', ({ site }) => site.fileFeed],
    ['a target without references', ({ site }) => !site.references],
  ])('brings about, within twenty seeds: %s', (_, isIn) => {
    expect(plans.filter(isIn).length).toBeGreaterThan(0);
  });
});

it('a restore follows its backup', () => {
  for (let seed = 1; seed <= 200; seed += 1) {
    const { disturbances } = makePlan(seed);
    const at = (kind: Disturbance['kind']) => disturbances.find((each) => each.kind === kind)?.at ?? -1;
    if (at('restore') >= 0) expect(at('back-up')).toBeLessThan(at('restore'));
    expect(at('back-up') >= 0).toBe(at('restore') >= 0);
  }
});
