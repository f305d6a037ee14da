import { describe, expect, it } from '@jest/globals';
import type { FaultOptions } from '@soar-feed/soar-simulator';
import type { Disturbance, Plan } from '../src/plan/Plan.js';
import { makePlan } from '../src/plan/makePlan.js';

/** Those that CI runs. */
const plans = Array.from({ length: 20 }, (_, at) => makePlan(at + 1));

const kinds = ({ disturbances }: Plan): readonly Disturbance['kind'][] => disturbances.map(({ kind }) => kind);
const faults = ({ disturbances }: Plan): readonly FaultOptions[] =>
  disturbances.flatMap((each) => (each.kind === 'fault' ? [each.fault] : []));
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
    ['two feeds', ({ site }) => site.fileFeed],
    ['a target without references', ({ site }) => !site.references],
  ])('brings about, within twenty seeds: %s', (_, isIn) => {
    expect(plans.filter(isIn).length).toBeGreaterThan(0);
  });
});
