import type { NoteDto } from './NoteDto.js';
import type { PrincipalDto, SoarObject } from './SoarObject.js';

export interface TaskDto extends SoarObject {
  readonly id: number;
  readonly name: string;
  readonly inc_id?: number;
  /** `O` open, `C` closed. */
  readonly status?: string;
  /** `false`: made by the server (incident type, rule, phase). */
  readonly custom?: boolean;
  readonly required?: boolean | null;
  readonly active?: boolean;
  readonly private?: boolean | null;
  /** The phase's name, read-only. */
  readonly cat_name?: string | null;
  readonly phase_id?: unknown;
  readonly owner_id?: unknown;
  /** `null`: not private, everybody sees it. */
  readonly members?: readonly unknown[] | null;
  readonly instructions?: unknown;
  /** The template of an automatic task. Empty in queue messages. */
  readonly at_id?: unknown;
  /** Filled only where notes were asked for. */
  readonly notes?: readonly NoteDto[] | null;
  readonly creator_principal?: PrincipalDto | null;
}
