import type { IncidentDto } from '@soar-feed/soar-client';
import { referencesOf } from '../../translate/Origin.js';
import type { Origin } from '../../translate/Origin.js';
import { optionalNumber } from '../TargetObject.js';

/** A target incident that may be a counterpart which the mapping does not know. */
export interface Stray {
  readonly id: number;
  readonly name: unknown;
  readonly discoveredDate: unknown;
  /** By the target's clock, ms. */
  readonly createdAtMs?: number;
  /** Principal's id. */
  readonly createdBy?: number;
  /** The source incident that its references name. */
  readonly references?: Origin;
}

export function strayOf(dto: IncidentDto): Stray {
  const references = referencesOf(dto);
  return {
    id: dto.id,
    name: dto.name,
    discoveredDate: dto['discovered_date'],
    ...optionalNumber('createdAtMs', dto.create_date),
    ...optionalNumber('createdBy', dto.creator_principal?.id),
    ...(references === undefined ? {} : { references }),
  };
}
