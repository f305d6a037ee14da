import type { Logger } from '../../contract/Logger.js';
import type { TypeCatalog } from '../../shape/TypeCatalog.js';
import type { ReadObject, WantedTypes } from '../../source/incidents/incidentParts.js';
import { INCIDENT_PARTS, parentsFirst } from '../../source/incidents/incidentParts.js';
import type { IncidentSource } from '../../source/incidents/IncidentSource.js';
import { isGone } from '../../source/isGone.js';
import { messageOf } from '../../trouble/messageOf.js';
import { lasting } from './ReloadReport.js';
import type { SourceFault } from './ReloadReport.js';

export interface PartServices {
  readonly source: IncidentSource;
  readonly catalog: TypeCatalog;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

export interface PartsRead {
  readonly objects: readonly ReadObject[];
  /** One for each part that could not be read. */
  readonly faults: readonly SourceFault[];
  /** A part was answered as if there were no such incident. */
  readonly notFound: boolean;
}

/** Reads the objects of incidents part by part: a part that the source does not give leaves the others alone. */
export class PartReader {
  private readonly told = new Set<string>();

  constructor(private readonly services: PartServices) {}

  /** Throws only when the signal is aborted. `neighbours`: incidents that the source is likely to give. */
  async read(incidentId: number, neighbours: readonly number[], wants: WantedTypes): Promise<PartsRead> {
    const { source, catalog, signal } = this.services;
    const objects: ReadObject[] = [];
    const faults: SourceFault[] = [];
    let notFound = false;
    for (const part of INCIDENT_PARTS) {
      try {
        if (!(await part.isWanted(wants, catalog))) continue;
        const found = await source.part(part, incidentId, wants, neighbours);
        const given = found.filter(({ payload }) => typeof payload === 'object' && payload !== null);
        objects.push(...given);
        const odd = found.length - given.length;
        if (odd > 0) faults.push({ incidentId, message: `Its ${part.name}: ${odd} that are no objects` });
      } catch (error) {
        signal.throwIfAborted();
        notFound ||= isGone(error);
        faults.push({ incidentId, message: `Its ${part.name}: ${messageOf(error)}`, ...lasting(error) });
      }
    }
    return { objects: parentsFirst(objects), faults, notFound };
  }

  /** Repetitions are logged at `debug` only. */
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
}
