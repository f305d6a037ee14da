import type { PrincipalDto, SoarObject } from './SoarObject.js';

/** IBM's CommentDTO. */
export interface NoteDto extends SoarObject {
  readonly id: number;
  readonly type?: string;
  readonly parent_id?: number | null;
  readonly text?: unknown;
  readonly user_id?: unknown;
  readonly create_date?: number | null;
  readonly modify_date?: number | null;
  readonly modify_principal?: PrincipalDto | null;
  /** `true`: deleted while it had replies; only the blank frame is left. */
  readonly is_deleted?: boolean;
  /** Replies, to any depth. */
  readonly children?: readonly NoteDto[] | null;
  readonly inc_id?: number;
  readonly task_id?: number | null;
}
