import { markup } from '../markup.js';
import type { Piece } from '../markup.js';

export interface PlotSpec {
  readonly id: string;
  readonly heading: string;
  /** What a person who does not see it should know: the range and the last value. */
  readonly description: string;
  /** The largest value of the axis, as text. */
  readonly top: string;
  /** Below the axis, left to right. */
  readonly times: readonly string[];
  /** Drawn in `WIDTH` by `HEIGHT`, y downwards. */
  readonly marks: Piece;
  /** What is drawn, by class. */
  readonly legend: readonly (readonly [string, string])[];
}

export const WIDTH = 720;
export const HEIGHT = 100;

/**
 * A plot as SVG, which stretches with its place. Its words stand outside, as HTML, so that they keep their size. The
 * whole is one picture to a screen reader; the table beside it has the numbers.
 */
export function plot({ id, heading, description, top, times, marks, legend }: PlotSpec): Piece {
  return markup`<figure class="plot">
    <figcaption>
      <span class="plot-heading">${heading}</span>
      ${legend.map(([name, text]) => markup`<span class="key"><i class=${name}></i>${text}</span>`)}
    </figcaption>
    <div class="plot-area">
      <span class="plot-top" aria-hidden="true">${top}</span>
      <svg
        viewBox="0 0 ${WIDTH} ${HEIGHT}"
        preserveAspectRatio="none"
        role="img"
        aria-labelledby="${id}-t ${id}-d"
        focusable="false"
      >
        <title id="${id}-t">${heading}</title>
        <desc id="${id}-d">${description}</desc>
        <path class="grid" d="M0 .5H${WIDTH}M0 ${HEIGHT / 2}H${WIDTH}M0 ${HEIGHT - 0.5}H${WIDTH}" />
        ${marks}
      </svg>
    </div>
    <div class="plot-times" aria-hidden="true">${times.map((time) => markup`<span>${time}</span>`)}</div>
  </figure>`;
}
