import type { SoarObject } from './SoarObject.js';

export interface TypeDto extends SoarObject {
  /** The number that messages use; a data table has its own, from 1001. */
  readonly id: number;
  /** The kind; 8 for every data table. */
  readonly type_id: number;
  readonly type_name: string;
  readonly display_name?: string;
  readonly fields: Readonly<Record<string, FieldDto>>;
  readonly parent_types?: readonly string[];
}

export interface FieldDto extends SoarObject {
  readonly id: number;
  readonly name: string;
  /** The label. */
  readonly text?: string;
  /** The sub-object that holds it: `properties` for custom fields, `pii`, `gdpr`, ... */
  readonly prefix?: string | null;
  readonly type_id?: number;
  readonly input_type: string;
  readonly required?: 'always' | 'close' | null;
  readonly internal?: boolean;
  readonly read_only?: boolean;
  readonly rich_text?: boolean;
  readonly values?: readonly FieldValueDto[] | null;
}

export interface FieldValueDto extends SoarObject {
  /** A number; text for plan_status and a task's status. */
  readonly value: number | string;
  readonly label: string;
  /** `false`: retired, but old objects still carry it. */
  readonly enabled?: boolean;
  readonly hidden?: boolean;
  readonly default?: boolean;
}
