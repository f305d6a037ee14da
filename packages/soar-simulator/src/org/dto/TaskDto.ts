import type { Handle, PrincipalDto, RichText } from './common.js';
import type { NoteDto } from './NoteDto.js';

export interface TaskDto {
  id: number;
  name: string;
  inc_id: number;
  inc_name: string;
  inc_owner_id: number | null;
  status: 'O' | 'C';
  required: boolean;
  active: boolean;
  /** false: made by the platform (incident type); it cannot be deleted. */
  custom: boolean;
  /** Id of the automatic task it was made from. */
  at_id: number | null;
  owner_id: number | null;
  init_date: number;
  due_date: number | null;
  closed_date: number | null;
  phase_id: number;
  /** Name of the phase. */
  cat_name: string;
  category_id: number | null;
  description: string;
  instr_text: string | null;
  instructions: string | null;
  /** null: not private. */
  members: number[] | null;
  private: boolean | null;
  notes: NoteDto[];
  notes_count: number | null;
  attachments_count: number | null;
  creator_principal: PrincipalDto;
  [field: string]: unknown;
}

export interface TaskInput extends TaskChanges {
  name: string;
}

export interface TaskChanges {
  name?: string;
  phase_id?: Handle;
  description?: RichText | null;
  instructions?: RichText | null;
  due_date?: number | null;
  owner_id?: Handle | null;
  members?: Handle[] | null;
  private?: boolean | null;
  required?: boolean;
  category_id?: Handle | null;
  status?: 'O' | 'C';
  [field: string]: unknown;
}
