import type { ArtifactDto } from './dto/ArtifactDto.js';
import type { AttachmentDto } from './dto/AttachmentDto.js';
import type { EmailDto } from './dto/EmailDto.js';
import type { IncidentDto } from './dto/IncidentDto.js';
import type { MilestoneDto } from './dto/MilestoneDto.js';
import type { NoteDto } from './dto/NoteDto.js';
import type { TaskDto } from './dto/TaskDto.js';
import type { TypeDef } from './schema/TypeDef.js';
import type { StoredFile } from './StoredFile.js';

/**
 * The objects of an org as they are stored: their own values, and what belongs to what. views.ts makes bodies from
 * them.
 */
export interface IncidentRecord {
  /** The whole body; `phase_id` and the dates in it are kept current. */
  readonly dto: IncidentDto;
  readonly tasks: Map<number, TaskRecord>;
  /** Top level only. */
  readonly notes: Map<number, NoteRecord>;
  readonly artifacts: Map<number, ArtifactRecord>;
  /** Artifacts of types that allow no duplicates, by type and value. */
  readonly uniqueArtifacts: Map<string, ArtifactRecord>;
  readonly attachments: Map<number, AttachmentRecord>;
  readonly milestones: Map<number, MilestoneRecord>;
  readonly emails: Map<number, EmailRecord>;
  readonly rows: Map<number, RowRecord>;
}

export interface TaskRecord {
  readonly incident: IncidentRecord;
  readonly dto: TaskDto;
  /** Top level only. */
  readonly notes: Map<number, NoteRecord>;
  readonly attachments: Map<number, AttachmentRecord>;
}

export interface NoteRecord {
  readonly incident: IncidentRecord;
  readonly task: TaskRecord | null;
  readonly parent: NoteRecord | null;
  readonly children: Map<number, NoteRecord>;
  readonly dto: NoteDto;
}

export interface ArtifactRecord {
  readonly incident: IncidentRecord;
  readonly dto: ArtifactDto;
  readonly file: StoredFile | null;
}

export interface AttachmentRecord {
  readonly incident: IncidentRecord;
  readonly task: TaskRecord | null;
  readonly dto: AttachmentDto;
  readonly file: StoredFile;
}

export interface MilestoneRecord {
  readonly incident: IncidentRecord;
  readonly dto: MilestoneDto;
}

export interface EmailRecord {
  readonly incident: IncidentRecord;
  readonly dto: EmailDto;
}

export interface RowRecord {
  readonly incident: IncidentRecord;
  readonly table: TypeDef;
  readonly id: number;
  version: number;
  /** By column id. */
  readonly values: Map<number, unknown>;
}

/** An incident with nothing below it yet. */
export function emptyIncident(dto: IncidentDto): IncidentRecord {
  return {
    dto,
    tasks: new Map(),
    notes: new Map(),
    artifacts: new Map(),
    uniqueArtifacts: new Map(),
    attachments: new Map(),
    milestones: new Map(),
    emails: new Map(),
    rows: new Map(),
  };
}
