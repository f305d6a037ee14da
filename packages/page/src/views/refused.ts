import { documentOf } from '../frame/document.js';
import { markup } from '../markup.js';
import type { Frame } from '../model/Frame.js';

/** A change that was not made, with the way back; the tab forgets a token that does not hold. */
export function renderRefused(
  frame: Frame,
  title: string,
  { back, forgetToken = false }: { readonly back: string; readonly forgetToken?: boolean },
): string {
  return documentOf(frame, {
    title,
    main: markup`<div class="view" data-token-refused=${forgetToken ? 'yes' : undefined}>
      <div class="title"><h1>${title}</h1></div>
      <p><a href=${back}>Back</a></p>
    </div>`,
  });
}
