import type { PrincipalDto } from './common.js';

export interface NoteDto {
  id: number;
  type: 'incident' | 'task';
  parent_id: number | null;
  text: string | null;
  create_date: number;
  modify_date: number;
  user_id: number;
  user_name: string;
  user_fname: string | null;
  user_lname: string | null;
  mentioned_users: number[];
  is_deleted: boolean;
  children: NoteDto[];
  inc_id: number;
  inc_name: string;
  inc_owner: number | null;
  task_id: number | null;
  task_name: string | null;
  task_custom: boolean | null;
  task_members: number[] | null;
  task_at_id: number | null;
  modify_principal: PrincipalDto;
  [field: string]: unknown;
}

/** The parent of a note or an attachment. */
export type ParentRef = { incidentId: number } | { taskId: number };
