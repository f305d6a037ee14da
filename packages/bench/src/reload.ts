/**
 * How close a reload comes to the ideal: requests per second against concurrency ÷ latency. Goal: 0.85 with 500
 * incidents at 50 ms per request and a concurrency of 16. For comparison it shows what bare loops of as many writers
 * reach just before and after: where those fall short of the ideal, the machine is busy with something else.
 */
import { bareWrites } from './bareWrites.js';
import { makeHost, replica } from './makeHost.js';
import { SimulatorHandle } from './SimulatorHandle.js';

const [incidents = 500, latencyMs = 50, concurrency = 16] = process.argv.slice(2).map(Number);
const simulator = await SimulatorHandle.start(incidents, latencyMs);
const { host, remove } = await makeHost(simulator.facts, {
  feeds: { resilient_feed: replica(simulator.facts, concurrency) },
});
await host.start({ queue: false, reload: false });
const bareBefore = await bareWrites(simulator.facts, concurrency);
await simulator.reset();
const cpuBefore = process.cpuUsage();
const startedAt = performance.now();
const report = await host.reload(host.wholeRange());
const seconds = (performance.now() - startedAt) / 1000;
const cpu = process.cpuUsage(cpuBefore);
const writes = await simulator.writes();
const bare = (bareBefore + (await bareWrites(simulator.facts, concurrency))) / 2;
const ideal = concurrency / (latencyMs / 1000);
await host.stop();
await simulator.stop();
remove();
console.log(
  JSON.stringify({
    incidents,
    objects: report.objects,
    seconds: round(seconds),
    writesPerSecond: round(writes / seconds),
    idealPerSecond: ideal,
    ratio: round(writes / seconds / ideal),
    bareRatio: round(bare / ideal),
    hostCpuMsPerWrite: round((cpu.user + cpu.system) / 1000 / writes),
  }),
);

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
