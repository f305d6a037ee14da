import { ownValue } from '@soar-feed/core';
import { SoarApiError } from '@soar-feed/soar-client';
import type { RowDto, SoarClient } from '@soar-feed/soar-client';
import type { NaturalKey } from '../../mapping/Intent.js';
import type { TargetRef } from '../../mapping/Mapping.js';
import type { Place } from '../../mapping/Place.js';
import { toRowBody } from '../../translate/bodies.js';
import type { TargetCatalog } from '../../translate/TargetCatalog.js';
import type { TranslatedField } from '../../fields/TranslatedField.js';
import type { ObjectWriter, TargetVersion, Updated } from './ObjectWriter.js';
import { optionalNumber } from '../TargetObject.js';
import type { TargetObject } from '../TargetObject.js';
import { placeOf } from '../WriteJob.js';
import type { WriteJob } from '../WriteJob.js';

/** Tries per update. Whoever changes a row that often in between is a loop, not a person. */
const MAX_TRIES = 5;

/** Rows of data tables, whose type is the table's API name. Every cell is sent, with the version of the last answer. */
export class RowWriter implements ObjectWriter {
  readonly keyIsFixed = false;

  constructor(
    private readonly client: SoarClient,
    private readonly catalog: TargetCatalog,
  ) {}

  naturalKey(job: WriteJob): NaturalKey {
    return job.fields;
  }

  async create(job: WriteJob): Promise<TargetObject> {
    const { incidentId } = placeOf(job);
    const { type } = job.event.key;
    const row = await this.client.dataTables.createRow(incidentId, type, toRowBody(job.fields).cells, {
      signal: job.signal,
    });
    return this.asTarget(row, type, incidentId);
  }

  async update(job: WriteJob, _changed: readonly TranslatedField[], known: TargetVersion): Promise<Updated> {
    const { incidentId, objectId } = known.target;
    const { type } = job.event.key;
    const { cells } = toRowBody(job.fields);
    let version = known.version ?? (await this.versionNow(known.target, type, job.signal));
    for (let attempt = 1; ; attempt++) {
      try {
        const row = await this.client.dataTables.updateRow(incidentId, type, objectId, cells, version, {
          signal: job.signal,
        });
        return optionalNumber('version', row.version);
      } catch (error) {
        if (!SoarApiError.is(error) || error.status !== 409 || attempt === MAX_TRIES) throw error;
        version = await this.versionNow(known.target, type, job.signal);
      }
    }
  }

  async remove(target: TargetRef, type: string, signal: AbortSignal): Promise<'removed'> {
    await this.client.dataTables.deleteRow(target.incidentId, type, target.objectId, { signal });
    return 'removed';
  }

  async list({ incidentId }: Place, type: string, signal: AbortSignal): Promise<readonly TargetObject[]> {
    const table = await this.client.dataTables.get(incidentId, type, { signal });
    return table.rows.map((row) => this.asTarget(row, type, incidentId));
  }

  private async versionNow(target: TargetRef, type: string, signal: AbortSignal): Promise<number | undefined> {
    const table = await this.client.dataTables.get(target.incidentId, type, { signal });
    return table.rows.find((row) => row.id === target.objectId)?.version;
  }

  /** Cells are keyed by the target's column ids. An empty cell has no value, or is missing. */
  private asTarget(row: RowDto, type: string, incidentId: number): TargetObject {
    const columns = this.catalog.type(type)?.fields;
    return {
      target: { incidentId, objectId: row.id },
      ...optionalNumber('version', row.version),
      value: ({ name }) => {
        const cell = ownValue(row.cells, String(columns?.get(name)?.id)) ?? ownValue(row.cells, name);
        return ownValue(cell, 'value') ?? null;
      },
    };
  }
}
