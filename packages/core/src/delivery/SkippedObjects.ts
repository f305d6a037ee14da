import { keyText } from '../contract/ObjectKey.js';
import type { ObjectKey } from '../contract/ObjectKey.js';

/** So many are remembered, then all are forgotten: what waits below a forgotten one causes a request more. */
const KEPT = 10_000;

/** The objects that a target skipped since the host was started, and since their incident was last delivered. */
export class SkippedObjects {
  private readonly byIncident = new Map<number, Set<string>>();
  private count = 0;

  add(key: ObjectKey): void {
    if (this.has(key)) return;
    if (this.count >= KEPT) {
      this.byIncident.clear();
      this.count = 0;
    }
    const own = this.byIncident.get(key.incidentId) ?? new Set();
    this.byIncident.set(key.incidentId, own.add(keyText(key)));
    this.count += 1;
  }

  has(key: ObjectKey): boolean {
    return this.byIncident.get(key.incidentId)?.has(keyText(key)) === true;
  }

  /** The incident was delivered: what was skipped before, as with one that matched no filter, may come now. */
  forget(incidentId: number): void {
    this.count -= this.byIncident.get(incidentId)?.size ?? 0;
    this.byIncident.delete(incidentId);
  }
}
