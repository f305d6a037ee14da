import { describe, expect, it } from '@jest/globals';
import { SoarClient } from '../../src/index.js';
import { ServerClock } from '../../src/connect/ServerClock.js';
import { fail, ScriptedServer, status } from '../support/ScriptedServer.js';
import { failureFrom } from '../support/failureFrom.js';

const MINUTE = 60_000;
const START = Date.parse('Tue, 04 Aug 2026 10:00:00 GMT');

/** A server whose clock is off by this much, asked at one of our times. */
function ask(clock: ServerClock, offsetMs: number, atMs: number, tripMs = 40): void {
  const date = new Date(atMs + tripMs / 2 + offsetMs).toUTCString();
  clock.observe({ sentAtMs: atMs, answeredAtMs: atMs + tripMs, date });
}

describe('ServerClock', () => {
  it('trusts our clock until it has measured', () => {
    const clock = new ServerClock(() => START);
    expect(clock).toMatchObject({ measured: false, offsetMs: 0, uncertaintyMs: 0 });
    expect(clock.serverNow()).toBe(START);
  });

  it.each([0, -6 * MINUTE, 20 * MINUTE + 137, -13])('finds an offset of %i ms, and how sure that is', (offset) => {
    let now = START;
    const clock = new ServerClock(() => now);
    ask(clock, offset, now);
    now += 40;
    expect(Math.abs(clock.offsetMs - offset)).toBeLessThanOrEqual(clock.uncertaintyMs);
    expect(clock.uncertaintyMs).toBeLessThanOrEqual(523);
    for (let n = 1; n <= 40; n++, now += 237) ask(clock, offset, now, 40 + (n % 5) * 100);
    expect(Math.abs(clock.offsetMs - offset)).toBeLessThanOrEqual(clock.uncertaintyMs);
    // `Date` has whole seconds; many answers at odd times give the fractions.
    expect(clock.uncertaintyMs).toBeLessThanOrEqual(100);
    expect(Math.abs(clock.serverNow() - (now + offset))).toBeLessThanOrEqual(100);
  });

  it('keeps the short trip’s knowledge when a slow answer comes, and grows less sure with time', () => {
    let now = START + 400;
    const clock = new ServerClock(() => now);
    ask(clock, MINUTE, now, 10);
    const sure = clock.uncertaintyMs;
    now += 1_000;
    ask(clock, MINUTE, now, 30_000);
    now += 30_000;
    expect(clock.uncertaintyMs).toBeLessThanOrEqual(sure + 8);
    now += 24 * 60 * MINUTE;
    expect(clock.uncertaintyMs).toBeGreaterThan(10_000);
  });

  it('follows a clock that drifts, and one that is set', () => {
    let now = START;
    const clock = new ServerClock(() => now);
    let offset = 0;
    for (let n = 0; n < 500; n++, now += MINUTE + 37) ask(clock, (offset = n * 5), now);
    expect(Math.abs(clock.offsetMs - offset)).toBeLessThanOrEqual(clock.uncertaintyMs);
    ask(clock, 60 * MINUTE, now);
    expect(Math.abs(clock.offsetMs - 60 * MINUTE)).toBeLessThanOrEqual(530);
  });

  it('learns nothing from an answer without a time, or over which our own clock was set back', () => {
    const clock = new ServerClock(() => START);
    clock.observe({ sentAtMs: START, answeredAtMs: START, date: undefined });
    clock.observe({ sentAtMs: START, answeredAtMs: START, date: 'soon' });
    clock.observe({ sentAtMs: undefined, answeredAtMs: START, date: new Date(START).toUTCString() });
    clock.observe({ sentAtMs: START, answeredAtMs: START - MINUTE, date: new Date(START).toUTCString() });
    expect(clock.measured).toBe(false);
  });
});

describe('client.clock', () => {
  const off = (ms: number) => ({ date: new Date(Date.now() + ms).toUTCString() });

  it('is measured by the time we are connected, from the platform’s own answers only', async () => {
    const server = await ScriptedServer.start();
    server.on('GET /rest/orgs/201', ({ response }) => {
      response.writeHead(200, { ...off(20 * MINUTE), 'content-type': 'application/json' });
      response.end('{"actions_framework_enabled":true}');
    });
    const client = await SoarClient.connect(server.connection());
    const isClose = () => Math.abs(client.clock.offsetMs - 20 * MINUTE) <= 1_000;
    expect(isClose()).toBe(true);
    expect(Math.abs(client.clock.serverNow() - Date.now() - 20 * MINUTE)).toBeLessThanOrEqual(1_000);
    server.on('GET /rest/orgs/201/incidents/5', status(404, off(-300 * MINUTE), 'default backend - 404'), (call) => {
      call.response.setHeader('date', off(40 * MINUTE).date);
      return fail(call, 404, 'gone');
    });
    expect(await failureFrom(client.incidents.get(5))).toMatchObject({ status: 404 });
    expect(Math.abs(client.clock.offsetMs - 40 * MINUTE)).toBeLessThanOrEqual(1_000);
    server.on('GET /rest/orgs/201/incidents/5', status(404, off(-300 * MINUTE), 'default backend - 404'));
    await failureFrom(client.incidents.get(5));
    expect(Math.abs(client.clock.offsetMs - 40 * MINUTE)).toBeLessThanOrEqual(1_000);
    await client.close();
    await server.stop();
  });
});
