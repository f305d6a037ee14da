import type { ParkedRaw, RawMessage } from '@soar-feed/core';
import { toJson } from './ParkedRow.js';

/** A row of `soar_feed_parked_raw`. */
export interface RawRow {
  readonly message_id: string;
  readonly queue: string;
  readonly headers: string;
  readonly body: string;
  readonly code: string;
  readonly problem: string;
  readonly place: number | string;
  readonly parked_at: number | string;
  /** SQLite gives 0 or 1. */
  readonly retry: boolean | number;
}

/** All columns except its position and age. */
export function toRawRow(message: RawMessage, code: string, problem: string): Omit<RawRow, 'place' | 'parked_at'> {
  return {
    message_id: message.messageId,
    queue: message.queue,
    headers: toJson(message.headers),
    body: toJson(message.body),
    code,
    problem: toJson(problem),
    retry: false,
  };
}

export function toRaw(row: RawRow): ParkedRaw {
  return {
    message: {
      messageId: row.message_id,
      queue: row.queue,
      headers: JSON.parse(row.headers) as Record<string, string>,
      body: JSON.parse(row.body) as string,
    },
    code: row.code,
    problem: JSON.parse(row.problem) as string,
    parkedAtMs: Number(row.parked_at),
    retry: Boolean(row.retry),
  };
}
