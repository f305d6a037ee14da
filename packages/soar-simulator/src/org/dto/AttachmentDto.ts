export interface AttachmentDto {
  id: number;
  uuid: string;
  type: 'incident' | 'task';
  name: string;
  content_type: string;
  created: number;
  creator_id: number;
  size: number;
  vers: number;
  actions: unknown[];
  inc_id: number;
  inc_name: string;
  inc_owner: number | null;
  task_id: number | null;
  task_name: string | null;
  task_custom: boolean | null;
  task_members: number[] | null;
  task_at_id: number | null;
  [field: string]: unknown;
}
