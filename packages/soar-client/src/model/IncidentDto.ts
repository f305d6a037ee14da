import type { PrincipalDto, SoarObject } from './SoarObject.js';
import type { ArtifactDto } from './ArtifactDto.js';
import type { NoteDto } from './NoteDto.js';
import type { TaskDto } from './TaskDto.js';

/** Dates are ms since the epoch; unset is `null`. Custom fields live in `properties`. */
export interface IncidentDto extends SoarObject {
  readonly id: number;
  readonly name: string;
  readonly description?: unknown;
  /** `A` active, `C` closed. */
  readonly plan_status?: string;
  readonly discovered_date?: number | null;
  readonly create_date?: number | null;
  readonly end_date?: number | null;
  readonly inc_last_modified_date?: number | null;
  readonly workspace?: unknown;
  readonly phase_id?: unknown;
  readonly org_id?: number;
  /** The version that a PUT must carry. */
  readonly vers?: number;
  readonly creator_principal?: PrincipalDto | null;
  readonly properties?: Readonly<Record<string, unknown>> | null;
  /** Filled only where tasks were asked for. */
  readonly tasks?: readonly TaskDto[] | null;
  /** After a create, those that it made, if the server shows them (unconfirmed). */
  readonly comments?: readonly NoteDto[] | null;
  readonly artifacts?: readonly ArtifactDto[] | null;
}
