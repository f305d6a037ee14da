import type { VNode } from 'preact';

/** A template of elements. Not called `html`: formatters move the line breaks in it, and with them its spaces. */
export { html as markup } from 'htm/preact';

/** A piece of the page. Text in it is escaped when it is rendered: nothing here writes HTML as a string. */
export type Piece = VNode | readonly Piece[] | string | number | undefined | false;
