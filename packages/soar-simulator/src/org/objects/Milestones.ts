import type { MilestoneDto } from '../dto/MilestoneDto.js';
import { asBag } from '../bag.js';
import type { Bag } from '../bag.js';
import type { WriteContext } from '../Journal.js';
import type { OrgState } from '../OrgState.js';
import { found } from '../OrgState.js';
import { noObject } from '../PlatformError.js';
import type { MilestoneRecord } from '../records.js';
import { milestoneView } from './views.js';

export class Milestones {
  constructor(private readonly org: OrgState) {}

  create(incidentId: number, body: Bag, write: WriteContext): MilestoneRecord {
    const incident = this.org.incident(incidentId);
    const staged = this.stage(this.org.writer.blank(this.type), body);
    return this.org.journal.within(write, () => {
      const id = this.org.ids.next('milestone');
      const dto = { id, ...staged, inc_id: incidentId, actions: [], playbooks: [] } as unknown as MilestoneDto;
      const record: MilestoneRecord = { incident, dto };
      incident.milestones.set(id, record);
      this.org.milestones.set(id, record);
      this.changed(record, 'created');
      return record;
    });
  }

  update(id: number, body: Bag, write: WriteContext): MilestoneRecord {
    const record = found(this.org.milestones, id);
    const staged = this.stage(asBag(record.dto), body);
    return this.org.journal.within(write, () => {
      Object.assign(record.dto, staged);
      this.changed(record, 'modified');
      return record;
    });
  }

  remove(id: number, write: WriteContext): void {
    const record = found(this.org.milestones, id);
    this.org.journal.within(write, () => {
      record.incident.milestones.delete(id);
      this.org.milestones.delete(id);
      this.changed(record, 'deleted');
    });
  }

  /** The milestone, if it belongs to that incident. */
  at(incidentId: number, id: number): MilestoneRecord {
    const record = found(this.org.milestones, id);
    if (record.incident.dto.id !== incidentId) throw noObject(id);
    return record;
  }

  private get type() {
    return this.org.schema.type('milestone');
  }

  private stage(current: Bag, body: Bag): Bag {
    const staged = this.org.writer.stage(this.type, current, body, 'kept');
    this.org.writer.checkRequired(this.type, staged, 'always');
    return staged;
  }

  private changed(record: MilestoneRecord, operation: 'created' | 'modified' | 'deleted'): void {
    const { dto, incident } = record;
    this.org.touch(incident);
    const object = () => milestoneView(record);
    this.org.journal.record({ type: 'milestone', operation, id: dto.id, incident, task: null, object });
  }
}
