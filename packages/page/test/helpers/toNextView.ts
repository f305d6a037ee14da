import type { Page } from 'playwright-core';

/**
 * Does what leads to another view, such as a click, and waits until that view is loaded and its script has run. A click
 * alone returns once the browser is on its way: what is asked next would be asked of the view before.
 */
export async function toNextView(page: Page, act: () => Promise<void>): Promise<void> {
  const loaded = page.waitForEvent('load');
  await act();
  await loaded;
}
