import { KafkaFailure } from '../client/KafkaFailure.js';
import type { KafkaPort } from '../client/KafkaPort.js';
import type { Parcel } from './Parcel.js';

/** How often a group is halved to find which partition fails: at most 31 requests. */
const HALVINGS = 4;

/** What failed; parcels that are not in it have arrived. */
export type Failures = ReadonlyMap<Parcel, KafkaFailure>;

/**
 * Sends a group of parcels. A request fails as a whole, so that of a group that fails, smaller ones are sent until it is
 * known which message, topic or partition is at fault: its neighbours arrive (some of them twice).
 */
export async function sendRound(
  port: KafkaPort,
  parcels: readonly Parcel[],
  isStopped: () => boolean,
  halvings = HALVINGS,
): Promise<Failures> {
  try {
    await port.send(parcels.map(({ message }) => message));
    return new Map();
  } catch (error) {
    if (!(error instanceof KafkaFailure)) throw error;
    const parts = isStopped() ? [parcels] : partsOf(parcels, error.kind, halvings);
    if (parts.length === 1) return new Map(parcels.map((parcel) => [parcel, error]));
    const failures = new Map<Parcel, KafkaFailure>();
    for (const part of parts) {
      for (const [parcel, failure] of await sendRound(port, part, isStopped, halvings - 1))
        failures.set(parcel, failure);
    }
    return failures;
  }
}

function partsOf(
  parcels: readonly Parcel[],
  kind: KafkaFailure['kind'],
  halvings: number,
): readonly (readonly Parcel[])[] {
  const topics = [...new Set(parcels.map(({ message }) => message.topic))];
  if (kind === 'away' || parcels.length === 1) return [parcels];
  if (kind === 'topic' || topics.length > 1) {
    return topics.map((topic) => parcels.filter(({ message }) => message.topic === topic));
  }
  if (kind === 'retry' && halvings <= 0) return [parcels];
  const middle = Math.ceil(parcels.length / 2);
  return [parcels.slice(0, middle), parcels.slice(middle)];
}
