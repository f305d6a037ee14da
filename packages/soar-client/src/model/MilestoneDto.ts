import type { SoarObject } from './SoarObject.js';

export interface MilestoneDto extends SoarObject {
  readonly id: number;
  readonly title: string;
  readonly description?: unknown;
  readonly date?: number | null;
  readonly inc_id?: number;
}
