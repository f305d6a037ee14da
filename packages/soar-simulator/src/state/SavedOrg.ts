import type { ArtifactDto } from '../org/dto/ArtifactDto.js';
import type { AttachmentDto } from '../org/dto/AttachmentDto.js';
import type { EmailDto } from '../org/dto/EmailDto.js';
import type { IncidentDto } from '../org/dto/IncidentDto.js';
import type { MilestoneDto } from '../org/dto/MilestoneDto.js';
import type { NoteDto } from '../org/dto/NoteDto.js';
import type { TaskDto } from '../org/dto/TaskDto.js';
import type { IdKind } from '../org/Ids.js';

/**
 * The objects of an org as JSON: the content of a backup of its database. Schema and people come from the org's
 * options.
 */
export interface SavedOrg {
  readonly id: number;
  /** The next id of each kind. */
  readonly nextIds: Readonly<Record<IdKind, number>>;
  readonly incidents: readonly IncidentDto[];
  readonly tasks: readonly (InIncident & { readonly dto: TaskDto })[];
  /** Each after the note that it replies to. */
  readonly notes: readonly (InIncident & { task: number | null; parent: number | null; readonly dto: NoteDto })[];
  readonly artifacts: readonly (InIncident & { readonly dto: ArtifactDto; readonly file: SavedFile | null })[];
  readonly attachments: readonly (InIncident & {
    readonly task: number | null;
    readonly dto: AttachmentDto;
    readonly file: SavedFile;
  })[];
  readonly milestones: readonly (InIncident & { readonly dto: MilestoneDto })[];
  /** Absent in a state of before e-mail messages. */
  readonly emails?: readonly (InIncident & { readonly dto: EmailDto })[];
  readonly rows: readonly (InIncident & {
    readonly table: string;
    readonly id: number;
    readonly version: number;
    /** By column id. */
    readonly values: readonly (readonly [number, unknown])[];
  })[];
}

interface InIncident {
  readonly incident: number;
}

export interface SavedFile {
  readonly name: string;
  readonly contentType: string;
  readonly base64: string;
}
