import type { EmailDto, EmailInput } from '../dto/EmailDto.js';
import type { WriteContext } from '../Journal.js';
import type { OrgState } from '../OrgState.js';
import { found } from '../OrgState.js';
import type { EmailRecord } from '../records.js';
import { emailView } from './views.js';

/** E-mail messages that were received for incidents. Nobody writes them over REST. */
export class Emails {
  constructor(private readonly org: OrgState) {}

  receive(incidentId: number, input: EmailInput, write: WriteContext): EmailRecord {
    const incident = this.org.incident(incidentId);
    return this.org.journal.within(write, () => {
      const now = this.org.now();
      const dto: EmailDto = {
        id: this.org.ids.next('email'),
        from: input.from,
        to: input.to ?? [],
        cc: input.cc ?? [],
        subject: input.subject,
        body: input.body ?? null,
        sent_date: input.sentAtMs ?? now,
        received_date: now,
        headers: input.headers ?? {},
        attachments: [],
        inbound_mailbox: null,
        inc_id: incidentId,
      };
      const record: EmailRecord = { incident, dto };
      incident.emails.set(dto.id, record);
      this.org.emails.set(dto.id, record);
      this.changed(record, 'created');
      return record;
    });
  }

  remove(id: number, write: WriteContext): void {
    const record = found(this.org.emails, id);
    this.org.journal.within(write, () => {
      record.incident.emails.delete(id);
      this.org.emails.delete(id);
      this.changed(record, 'deleted');
    });
  }

  private changed(record: EmailRecord, operation: 'created' | 'deleted'): void {
    const { dto, incident } = record;
    this.org.touch(incident);
    const object = () => emailView(record);
    this.org.journal.record({ type: '__emailmessage', operation, id: dto.id, incident, task: null, object });
  }
}
