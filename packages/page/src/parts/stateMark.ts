import { markup } from '../markup.js';
import type { Piece } from '../markup.js';

/** How good a state is. Each has its own shape, so that nobody needs to see its colour. */
export type Tone = 'good' | 'busy' | 'warn' | 'bad' | 'idle';

const SHAPES: Readonly<Record<Tone, Piece>> = {
  good: markup`<circle cx="8" cy="8" r="7" /><path class="cut" d="M4.6 8.3l2.3 2.3 4.5-4.9" />`,
  busy: markup`<path d="M8 1a7 7 0 1 0 7 7h-2.4A4.6 4.6 0 1 1 8 3.4z" />`,
  warn: markup`<path d="M8 1.2l7.3 13.2H.7z" /><path class="cut" d="M8 6v4M8 11.6v1.2" />`,
  bad: markup`<rect x="1" y="1" width="14" height="14" rx="2.5" /><path class="cut" d="M5 5l6 6M11 5l-6 6" />`,
  idle: markup`<path fill-rule="evenodd" d="M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1zm0 2a5 5 0 1 0 0 10A5 5 0 0 0 8 3z" />`,
};

/** A shape; whatever stands beside it says the same in words. */
export function shape(tone: Tone): Piece {
  return markup`<svg
    class="shape ${tone}"
    viewBox="0 0 16 16"
    width="16"
    height="16"
    aria-hidden="true"
    focusable="false"
  >
    ${SHAPES[tone]}
  </svg>`;
}

/** A state by shape, colour and word. */
export function stateMark(tone: Tone, word: string): Piece {
  return markup`<span class="state ${tone}">${shape(tone)}<span>${word}</span></span>`;
}
