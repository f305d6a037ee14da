import { keyText } from '../../contract/ObjectKey.js';
import type { IncidentObjects } from './IncidentReader.js';
import type { ListedPage } from './listIncidents.js';
import type { Shown } from './Reconciliation.js';

/** Collects the objects that the read of one page has shown, and the incidents that could not be read. */
export class ShownObjects implements Shown {
  readonly fromId: number;
  readonly toId: number;
  readonly incidents: Set<number>;
  readonly unread = new Set<number>();
  readonly objects?: Set<string>;
  /** Not even the incidents of the stretch could be listed. */
  readonly isLost: boolean;

  /** `objectsCount`: the objects are read by the query API, so that a missing one may be gone. */
  constructor(
    { fromId, toId, incidents, faults }: ListedPage,
    private readonly orgId: number,
    objectsCount: boolean,
  ) {
    this.fromId = fromId;
    this.toId = toId;
    this.incidents = new Set(incidents.map((incident) => incident.id));
    for (const { incidentId } of faults) if (incidentId !== undefined) this.unread.add(incidentId);
    this.isLost = faults.some(({ minIncidentId }) => minIncidentId !== undefined);
    if (objectsCount) this.objects = new Set();
  }

  add({ incident, objects, faults }: IncidentObjects): void {
    if (faults.length > 0) this.unread.add(incident.id);
    for (const { schema, payload } of objects) {
      if (typeof payload.id !== 'number') continue;
      const key = { orgId: this.orgId, incidentId: incident.id, type: schema.name, objectId: payload.id };
      this.objects?.add(keyText(key));
    }
  }

  /** The incident was deleted between its listing and its reading. */
  remove(incidentId: number): void {
    this.incidents.delete(incidentId);
  }
}
