import type { SoarClient } from '@soar-feed/soar-client';
import type { Clock } from '../../contract/Clock.js';
import type { Logger } from '../../contract/Logger.js';
import { classify } from '../../delivery/classify.js';
import type { TypeCatalog } from '../../shape/TypeCatalog.js';
import { givesOtherIncidents, listsElsewhere } from './answersElsewhere.js';
import type { IncidentPart, ReadObject, WantedTypes } from './incidentParts.js';
import { INCIDENT_PARTS, parentsFirst } from './incidentParts.js';
import { isGone } from './listIncidents.js';
import type { Patience } from './Patience.js';
import { messageOf } from './Patience.js';
import type { SourceFault } from './ReloadReport.js';

/** A part that no incident gives for so long (ms), though the source answers otherwise, is done without. */
const PART_LASTING_MS = 5 * 60_000;

export interface PartServices {
  readonly client: SoarClient;
  readonly catalog: TypeCatalog;
  readonly patience: Patience;
  readonly log: Logger;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

export interface PartsRead {
  readonly objects: readonly ReadObject[];
  /** One for each part that could not be read. */
  readonly faults: readonly SourceFault[];
  /** A part was answered as if there were no such incident. */
  readonly notFound: boolean;
}

/**
 * Reads the objects of incidents part by part: one that the source does not give leaves the others alone. Lives as long
 * as a reload, and remembers which parts the source gives of no incident.
 */
export class PartReader {
  /** Since when no incident gives this part; ms, host clock. */
  private readonly failingSince = new Map<IncidentPart, number>();
  /** Asked for once an incident, without patience. */
  private readonly lost = new Set<IncidentPart>();
  private readonly told = new Set<string>();

  constructor(private readonly services: PartServices) {}

  /** Never throws but the signal's reason. `neighbours`: incidents to ask whether they are given. */
  async read(incidentId: number, neighbours: readonly number[], wants: WantedTypes): Promise<PartsRead> {
    const { catalog, signal } = this.services;
    const objects: ReadObject[] = [];
    const faults: SourceFault[] = [];
    let notFound = false;
    for (const part of INCIDENT_PARTS) {
      try {
        if (!(await part.isWanted(wants, catalog))) continue;
        const found = await this.readPart(part, incidentId, neighbours, wants);
        const given = found.filter(({ payload }) => typeof payload === 'object' && payload !== null);
        objects.push(...given);
        const odd = found.length - given.length;
        if (odd > 0) faults.push({ incidentId, message: `Its ${part.name}: ${odd} that are no objects` });
      } catch (error) {
        signal.throwIfAborted();
        notFound ||= isGone(error);
        faults.push({ incidentId, message: `Its ${part.name}: ${messageOf(error)}` });
      }
    }
    return { objects: parentsFirst(objects), faults, notFound };
  }

  /** The same again is no news. */
  tell(faults: readonly SourceFault[]): void {
    for (const { incidentId, message } of faults) {
      const isNews = !this.told.has(message);
      this.told.add(message);
      this.services.log[isNews ? 'error' : 'debug'](
        `Of incident ${incidentId} could not be read, nothing is concluded about it: ${message}`,
        { event: 'reload.fault', incidentId },
      );
    }
  }

  private async readPart(
    part: IncidentPart,
    incidentId: number,
    neighbours: readonly number[],
    wants: WantedTypes,
  ): Promise<readonly ReadObject[]> {
    const { client, catalog, patience, signal } = this.services;
    const read = (id = incidentId): Promise<readonly ReadObject[]> =>
      part.read({ client, catalog, incidentId: id, wants, options: { signal } });
    const elsewhere = async (): Promise<boolean> => {
      if (this.lost.has(part)) return true;
      try {
        const isGiven = await givesOtherIncidents(client, incidentId, neighbours, read, { signal });
        if (isGiven) this.failingSince.delete(part);
        return isGiven;
      } catch (error) {
        signal.throwIfAborted();
        if (await this.isLost(part)) return true;
        throw error;
      }
    };
    const objects =
      (await this.readLost(part, read)) ??
      (await patience.read(`The ${part.name} of incident ${incidentId}`, () => read(), elsewhere));
    this.failingSince.delete(part);
    this.lost.delete(part);
    return objects;
  }

  /** `undefined`: to be read with patience. */
  private async readLost(
    part: IncidentPart,
    read: () => Promise<readonly ReadObject[]>,
  ): Promise<readonly ReadObject[] | undefined> {
    if (!this.lost.has(part)) return undefined;
    try {
      return await read();
    } catch (error) {
      this.services.signal.throwIfAborted();
      if (classify(error).move !== 'pause') throw error;
      return undefined;
    }
  }

  /** Whether it is done without from now on: for too long no incident has given it, while the source lists them. */
  private async isLost(part: IncidentPart): Promise<boolean> {
    const { client, clock, signal } = this.services;
    const sinceMs = this.failingSince.get(part) ?? clock.now();
    this.failingSince.set(part, sinceMs);
    if (clock.now() - sinceMs < PART_LASTING_MS || !(await listsElsewhere(client, [0], { signal }))) return false;
    this.lost.add(part);
    return true;
  }
}
