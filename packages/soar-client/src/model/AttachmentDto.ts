import type { SoarObject } from './SoarObject.js';

export interface AttachmentDto extends SoarObject {
  readonly id: number;
  readonly name: string;
  readonly content_type?: string | null;
  /** Bytes. */
  readonly size?: number;
  readonly created?: number | null;
  readonly creator_id?: unknown;
  readonly uuid?: string | null;
  readonly type?: string;
  readonly inc_id?: number;
  readonly task_id?: number | null;
}
