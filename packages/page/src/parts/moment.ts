import { markup } from '../markup.js';
import type { Piece } from '../markup.js';
import { ageText } from './durationText.js';

/** `2026-11-29 13:37:53`, in UTC. */
export function momentText(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? String(ms) : date.toISOString().slice(0, 19).replace('T', ' ');
}

/** A sentence whose times are as programs write them, for people. */
export function readable(text: string): string {
  return text.replace(/\b(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?Z/g, '$1 $2 UTC');
}

/** A time that programs can read and people can, too. */
export function moment(ms: number): Piece {
  const date = new Date(ms);
  if (Number.isNaN(date.getTime())) return String(ms);
  return markup`<time datetime=${date.toISOString()} title="UTC">${momentText(ms)}</time>`;
}

/** How long ago something was; the time itself is its title. */
export function ago(ms: number, nowMs: number): Piece {
  const date = new Date(ms);
  if (Number.isNaN(date.getTime())) return String(ms);
  return markup`<time datetime=${date.toISOString()} title="${momentText(ms)} UTC">${ageText(nowMs - ms)}</time>`;
}
