import { describe, expect, it } from '@jest/globals';
import { AdaptiveLimit } from '../../src/limit/AdaptiveLimit.js';
import { QueueingServer } from './QueueingServer.js';

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function world(knee: number, most = 64): { readonly limit: AdaptiveLimit; readonly server: QueueingServer } {
  const limit = new AdaptiveLimit(most);
  return { limit, server: new QueueingServer(limit, { knee }) };
}

describe('AdaptiveLimit', () => {
  it.each([2, 3, 6, 12, 24, 40])('finds a knee at %i and stays there', (knee) => {
    const { server } = world(knee);
    server.run(30_000);
    server.reset();
    server.run(90_000);
    const throughput = (server.served / 60_000) * server.serviceMs;
    expect(throughput).toBeGreaterThan(knee * 0.9);
    expect(meanOf(server.limits)).toBeLessThan(knee * 1.1 + 0.5);
  });

  it.each([0.1, 0.3, 0.6])('finds it where the latency spreads by %f', (spread) => {
    const random = seeded(7);
    const { server } = world(24);
    server.spread = () => 1 + spread * (2 * random() - 1);
    server.run(30_000);
    server.reset();
    server.run(90_000);
    expect(meanOf(server.limits)).toBeGreaterThan(21);
    expect(meanOf(server.limits)).toBeLessThan(30);
  });

  it('climbs to the most that is allowed where there is no knee, and never above it', () => {
    const { server } = world(1_000, 64);
    server.run(5_000);
    expect(server.limits.at(-1)).toBe(64);
    expect(Math.max(...server.limits)).toBe(64);
  });

  it('does not climb while it is not used up', () => {
    const { server } = world(1_000);
    server.wanted = 2;
    server.run(60_000);
    expect(new Set(server.limits)).toEqual(new Set([4]));
  });

  it('falls when others take places of the server, and rises when they leave', () => {
    const { server, limit } = world(24);
    server.run(30_000);
    server.others = 12;
    server.run(40_000);
    server.reset();
    server.run(60_000);
    expect(meanOf(server.limits)).toBeGreaterThan(10);
    expect(meanOf(server.limits)).toBeLessThan(14.5);
    server.others = 0;
    server.run(90_000);
    expect(limit.limit).toBeGreaterThan(18);
  });

  it('stays where it is when the server becomes slower for everybody', () => {
    const { server } = world(24);
    server.run(30_000);
    server.serviceMs = 150;
    server.run(60_000);
    server.reset();
    server.run(120_000);
    expect(meanOf(server.limits)).toBeGreaterThan(20);
    expect(meanOf(server.limits)).toBeLessThan(27);
  });

  it('is not lowered for long by one slow request', () => {
    const { server } = world(1_000, 32);
    server.run(10_000);
    let slow = 1;
    server.spread = () => (slow-- > 0 ? 200 : 1);
    server.reset();
    server.run(40_000);
    expect(Math.min(...server.limits)).toBeGreaterThanOrEqual(25);
    expect(server.limits.at(-1)).toBe(32);
  });

  it('takes another mix of requests for what it is', () => {
    const { server } = world(1_000, 32);
    const random = seeded(3);
    let isSlowKind = false;
    let share = 0.1;
    server.kind = () => (isSlowKind ? 'POST /incidents' : 'POST /notes');
    server.spread = () => {
      isSlowKind = random() < share;
      return isSlowKind ? 8 : 1;
    };
    server.run(30_000);
    share = 0.9;
    server.reset();
    server.run(90_000);
    expect(meanOf(server.limits)).toBeGreaterThan(30);
  });

  it('is halved once by all refusals of what was under way, and climbs again', () => {
    const { server, limit } = world(1_000, 32);
    server.run(10_000);
    expect(limit.limit).toBe(32);
    const { nowMs } = server;
    server.refuses = ({ atMs }) => atMs <= nowMs;
    server.reset();
    server.run(nowMs + 51);
    expect(server.limits.filter((at) => at === 16).length).toBeGreaterThan(20);
    expect(Math.min(...server.limits)).toBe(16);
    server.run(server.nowMs + 20_000);
    expect(limit.limit).toBe(32);
  });

  it('settles below what a server refuses', () => {
    const { server } = world(1_000);
    server.refuses = ({ inFlight }) => inFlight > 20;
    server.run(20_000);
    server.reset();
    server.run(80_000);
    expect(meanOf(server.limits)).toBeGreaterThan(12);
    expect(meanOf(server.limits)).toBeLessThan(21);
  });

  it('falls to one during an outage, and is back within seconds after it', () => {
    const { server, limit } = world(24);
    server.run(20_000);
    server.refuses = () => true;
    server.run(30_000);
    expect(limit.limit).toBe(1);
    server.refuses = () => false;
    server.run(45_000);
    expect(limit.limit).toBeGreaterThan(18);
  });

  it('takes what a server does within 20 ms for no load at all', () => {
    const { server } = world(4);
    server.serviceMs = 2;
    server.run(10_000);
    // 40 at once take 20 ms at this server.
    expect(server.limits.at(-1)).toBeGreaterThan(30);
    expect(Math.max(...server.limits)).toBeLessThanOrEqual(64);
  });

  it('obeys a lower bound at once', () => {
    const { server, limit } = world(1_000);
    server.run(5_000);
    limit.bound(3);
    expect(limit.limit).toBe(3);
    server.run(10_000);
    expect(limit.limit).toBe(3);
  });
});
