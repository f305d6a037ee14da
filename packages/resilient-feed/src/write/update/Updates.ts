import { ownValue, PermanentError } from '@soar-feed/core';
import type { ObjectKey } from '@soar-feed/core';
import type { TranslatedField } from '../../fields/TranslatedField.js';
import { fieldKey } from '../../fields/TranslatedField.js';
import type { Creates, Link } from '../../mapping/Creates.js';
import type { Digests } from '../../mapping/Digests.js';
import { identityOf } from '../../mapping/identity.js';
import type { Mapping, Standing, TargetRef } from '../../mapping/Mapping.js';
import type { MappingFlags } from '../../mapping/MappingFlags.js';
import type { Rows } from '../../mapping/Rows.js';
import { fieldDigests } from '../../translate/digest.js';
import { equalValues } from '../../translate/normalise.js';
import { isBack, mustBeCompared } from '../../mapping/mustBeCompared.js';
import { standingNow } from '../find/standingNow.js';
import { verify } from '../find/verify.js';
import type { TargetObject } from '../TargetObject.js';
import type { TargetVersion } from '../types/ObjectWriter.js';
import type { ObjectWriters } from '../types/ObjectWriters.js';
import type { WriteJob } from '../WriteJob.js';
import type { Unrecorded } from './Unrecorded.js';

/** The code of the error that says that the target does not close an incident. */
export const CLOSE_REFUSED = 'close-refused';

export interface Written {
  readonly change: 'created' | 'updated' | 'unchanged';
  readonly target: TargetRef;
}

/** What a write leaves in the mapping besides the object itself. */
export type LinkExtras = Pick<Link, 'flags' | 'next' | 'replacesIbmRow'>;

/** An object as it was written last. */
interface LastWritten extends TargetVersion {
  /** What was sent last. */
  readonly digests: Digests;
  readonly flags: MappingFlags;
}

/** Objects that are in the target: sends only what differs, then links what was sent. */
export class Updates {
  constructor(
    private readonly org: {
      readonly rows: Rows;
      readonly creates: Creates;
      readonly writers: ObjectWriters;
      readonly unrecorded: Unrecorded;
    },
  ) {}

  /**
   * Sends what differs from what was sent last. A row of IBM's feed is verified first. `undefined`: its object is not in
   * the target and must be made.
   */
  async update(job: WriteJob, mapping: Mapping, flags: MappingFlags = mapping.flags): Promise<Written | undefined> {
    if (!mapping.verified) {
      const found = await verify(job, mapping, this.org);
      return found === undefined ? undefined : this.adopt(job, found, () => ({ flags, replacesIbmRow: true }));
    }
    if (mapping.target === undefined) return undefined;
    const isDoubted = mustBeCompared(job.event, mapping);
    if (isDoubted || this.org.unrecorded.has(job.event.key)) {
      const compared = await this.recheck(job, { ...mapping, target: mapping.target }, flags);
      // Of an update that may have been sent, what the target lacks was deleted there: the update itself meets that.
      if (compared !== undefined || isBack(job.event, mapping)) return compared;
    }
    const digests = fieldDigests(job.fields);
    const changed = job.fields.filter(
      (field) => !field.createOnly && ownValue(mapping.digests, fieldKey(field)) !== digests[fieldKey(field)],
    );
    if (changed.length === 0) {
      if (flags !== mapping.flags) await this.org.rows.flag(job.event.key, flags);
      return { change: 'unchanged', target: mapping.target };
    }
    await this.send(job, changed, { target: mapping.target, ...versionOf(mapping), digests: mapping.digests, flags });
    return { change: 'updated', target: mapping.target };
  }

  /** Compares with what stands in the target, whatever was sent last. A closed incident is compared again at its close. */
  private async recheck(job: WriteJob, { target }: Standing, flags: MappingFlags): Promise<Written | undefined> {
    const found = await standingNow(job, target, this.org.writers);
    if (found === undefined) return undefined;
    const { event } = job;
    const closesLater = event.followedByObjects === true && event.payload['plan_status'] === 'C';
    const { recheck: _, ...rest } = flags;
    return this.adopt(job, { ...found, target }, () => ({ flags: closesLater ? flags : rest }));
  }

  /** Links an object that is in the target already, and sends only what differs from what it has. */
  async adopt(
    job: WriteJob,
    found: TargetObject,
    extras: (target: TargetRef) => LinkExtras = () => ({}),
  ): Promise<Written> {
    const different = job.fields.filter(
      (field) => !field.createOnly && !equalValues(field, found.value(field), field.value),
    );
    const digests = digestsOf(
      job,
      job.fields.filter((field) => !different.includes(field)),
    );
    const more = extras(found.target);
    this.link(job, { ...linkOf(found, digests), ...more });
    if (different.length === 0) return { change: 'unchanged', target: found.target };
    await this.send(job, different, { ...found, digests, flags: more.flags ?? {} });
    return { change: 'updated', target: found.target };
  }

  /** Sends these fields and links what the target took. Throws `PermanentError` if it refuses to close the incident. */
  async send(job: WriteJob, changed: readonly TranslatedField[], last: LastWritten): Promise<void> {
    const { key } = job.event;
    await this.createEnded(job, changed);
    const updated = await this.org.writers
      .of(key.type)
      .update(job, changed, last)
      .catch(async (error: unknown) => {
        await this.forget(job, changed);
        throw error;
      });
    const { version = last.version, refused } = updated;
    const taken = changed.filter((field) => refused?.fields.includes(field) !== true);
    this.link(job, {
      target: last.target,
      digests: { ...last.digests, ...digestsOf(job, taken) },
      ...(version === undefined ? {} : { version }),
      flags: last.flags,
    });
    if (refused !== undefined) {
      const why = refused.error instanceof Error ? refused.error.message : String(refused.error);
      throw new PermanentError(
        `The target refuses to close incident ${key.incidentId} (its other changes were made): ${why}`,
        { code: CLOSE_REFUSED, cause: refused.error },
      );
    }
  }

  private link(job: WriteJob, link: Link): void {
    const { creates, unrecorded } = this.org;
    const { key } = job.event;
    job.commits.add(unrecorded.until(key, creates.link(key, link)));
  }

  /**
   * An update that failed may have been done, wholly or in part: what the target has in these fields is not known any more. If
   * their old digests stayed, a change back to the old values would count as sent already.
   */
  private async forget({ event: { key } }: WriteJob, changed: readonly TranslatedField[]): Promise<void> {
    // If the mapping's database is away, too, the failure of the update comes first.
    await this.forgetFields(key, changed).catch(() => this.org.unrecorded.add(key));
  }

  private async forgetFields(key: ObjectKey, changed: readonly TranslatedField[]): Promise<void> {
    const row = await this.org.rows.find(key);
    if (row?.state !== 'active' || row.target === undefined) return;
    const unknown = new Set(changed.map(fieldKey));
    const left = Object.entries(row.digests).filter(([field]) => !unknown.has(field));
    if (left.length === Object.keys(row.digests).length) return;
    const { target, flags } = row;
    await this.org.creates.link(key, { target, ...versionOf(row), digests: Object.fromEntries(left), flags });
  }

  /**
   * After a crash the object is found by what its create sent. While the create's end is not on disk, those fields must
   * not change.
   */
  private async createEnded(job: WriteJob, changed: readonly TranslatedField[]): Promise<void> {
    const { key } = job.event;
    const ending = this.org.creates.ending(key);
    if (ending === undefined) return;
    const identifying = new Set(this.org.writers.of(key.type).naturalKey(job).map(fieldKey));
    if (changed.some((field) => identifying.has(fieldKey(field)))) await job.aside(ending);
  }
}

/** What a row keeps of an object of which the target has these fields. */
export function digestsOf({ event }: WriteJob, fields: readonly TranslatedField[]): Digests {
  return { ...fieldDigests(fields), ...identityOf(event) };
}

export function linkOf(object: TargetObject, digests: Digests): Link {
  return { target: object.target, digests, ...versionOf(object) };
}

function versionOf({ version }: { readonly version?: number }): { readonly version?: number } {
  return version === undefined ? {} : { version };
}
