/**
 * What a feed notices of the feeds beside it: how long a change takes to arrive in a file feed, and to be acknowledged,
 * when the file feed is alone, beside a replica whose organization takes 5 s per request, and beside one that is away.
 * The trouble begins with the first change, so the time before `spill_after` (10 s here) counts, too. Rounds in turn, and
 * the median of their ratios: a busy machine disturbs single ones.
 */
import { ArrivalLog } from './ArrivalLog.js';
import { files, makeHost, replica } from './makeHost.js';
import { percentile } from './percentile.js';
import { Relay } from './Relay.js';
import { SimulatorHandle } from './SimulatorHandle.js';

const [changes = 300, perSecond = 20, rounds = 3, incidents = 60] = process.argv.slice(2).map(Number);
const FEED = 'files';

interface Figures {
  readonly arrivalP50: number;
  readonly arrivalP99: number;
  readonly ackP50: number;
  readonly ackP99: number;
}

type Trouble = 'slow' | 'down';

const ratios: Record<Trouble, Figures[]> = { slow: [], down: [] };
console.log(`${changes} notes at ${perSecond}/s on ${incidents} incidents; times in ms`);
for (let round = 1; round <= rounds; round += 1) {
  const alone = await measure();
  show(`${round}: alone`, alone);
  for (const trouble of ['slow', 'down'] as const) {
    const beside = await measure(trouble);
    show(`${round}: beside one that is ${trouble}`, beside);
    ratios[trouble].push(ratio(beside, alone));
  }
}
for (const trouble of ['slow', 'down'] as const) show(`${trouble} ÷ alone, median`, median(ratios[trouble]));

async function measure(trouble?: Trouble): Promise<Figures> {
  const simulator = await SimulatorHandle.start(incidents, 0);
  const log = new ArrivalLog(FEED);
  const relay = await Relay.before(simulator.facts.restPort);
  const beside = trouble === undefined ? {} : { replica: replica({ ...simulator.facts, restPort: relay.port }) };
  const { host, remove } = await makeHost(simulator.facts, { feeds: { [FEED]: files, ...beside }, log });
  await host.start({ reload: false });
  await host.reload(host.wholeRange());
  if (trouble === 'slow') await simulator.slow();
  if (trouble === 'down') relay.close();
  const made = await simulator.changes(changes, perSecond);
  await host.stop(0);
  relay.close();
  await simulator.stop();
  remove();
  const arrival = made.map(({ noteId, madeAtMs }) => (log.arrivals.get(noteId) ?? Infinity) - madeAtMs);
  const ack = made.map(({ answeredAtMs, madeAtMs }) => answeredAtMs - madeAtMs);
  return {
    arrivalP50: percentile(arrival, 0.5),
    arrivalP99: percentile(arrival, 0.99),
    ackP50: percentile(ack, 0.5),
    ackP99: percentile(ack, 0.99),
  };
}

function each(value: (key: keyof Figures) => number): Figures {
  return {
    arrivalP50: value('arrivalP50'),
    arrivalP99: value('arrivalP99'),
    ackP50: value('ackP50'),
    ackP99: value('ackP99'),
  };
}

function ratio(figures: Figures, base: Figures): Figures {
  return each((key) => figures[key] / base[key]);
}

function median(all: readonly Figures[]): Figures {
  return each((key) =>
    percentile(
      all.map((figures) => figures[key]),
      0.5,
    ),
  );
}

function show(name: string, figures: Figures): void {
  const texts = Object.entries(figures).map(([key, value]) => `${key} ${(value as number).toFixed(2).padStart(8)}`);
  console.log(`${name.padEnd(30)} ${texts.join('  ')}`);
}
