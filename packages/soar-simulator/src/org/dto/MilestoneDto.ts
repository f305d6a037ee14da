import type { RichText } from './common.js';

export interface MilestoneDto {
  id: number;
  title: string;
  description: string | null;
  date: number;
  inc_id: number;
  actions: unknown[];
  [field: string]: unknown;
}

export interface MilestoneInput {
  title: string;
  date: number;
  description?: RichText | null;
}
