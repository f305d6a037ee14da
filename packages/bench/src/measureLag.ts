/**
 * Measures one feed's latencies in one situation, as a process of its own: prepares everything, says so, begins when
 * told to, and sends its figures.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { ArrivalLog } from './ArrivalLog.js';
import { files, makeHost, replica } from './makeHost.js';
import { percentile } from './percentile.js';
import { Relay } from './Relay.js';
import { SimulatorHandle } from './SimulatorHandle.js';

/** ms from a change at the source to its durable arrival in the feed, and to its acknowledgement. */
export interface Figures {
  readonly arrivalP50: number;
  readonly arrivalP99: number;
  readonly ackP50: number;
  readonly ackP99: number;
}

/** What runs beside the feed. */
export type Beside = 'nothing' | 'slow' | 'down';

const FEED = 'files';
const [beside = 'nothing', changes, perSecond, incidents] = process.argv.slice(2);

process.send?.(await measure(beside as Beside));
process.disconnect();

async function measure(beside: Beside): Promise<Figures> {
  const simulator = await SimulatorHandle.start({ incidents: Number(incidents) });
  const log = new ArrivalLog(FEED);
  const relay = await Relay.before(simulator.facts.restPort);
  const other = { replica: replica({ ...simulator.facts, restPort: relay.port }) };
  const feeds = { [FEED]: files, ...(beside === 'nothing' ? {} : other) };
  const { host, remove } = await makeHost(simulator.facts, { feeds, log });
  await host.start({ reload: false });
  await host.reload(host.wholeRange());
  // On a busy machine the reload itself may have made a feed lag.
  while (host.status().feeds.some(({ lagging }) => lagging)) await sleep(100);
  process.send?.('ready');
  await new Promise((resolve) => process.once('message', resolve));
  if (beside === 'slow') await simulator.slow();
  if (beside === 'down') relay.close();
  const made = await simulator.changes(Number(changes), Number(perSecond));
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
