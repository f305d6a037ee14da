import { dropParked, retryParked } from '@soar-feed/core/runtime';
import type { HandReport, ParkedSelection, StateConfig } from '@soar-feed/core/runtime';
import { askHost } from './http/askHost.js';
import { controlPath } from './http/controlPath.js';
import { withState } from './openState.js';

export interface ChangeReport extends Omit<HandReport, 'touched'> {
  /** Done by the running host, or directly in the state database if no host runs. */
  readonly by: 'host' | 'command';
}

/**
 * Lets the running host change parked rows. If no host runs, takes the lease of the state database and changes them.
 * Throws `StoreError`.
 */
export async function changeParked(
  config: StateConfig,
  change: 'retry' | 'drop',
  selection: ParkedSelection,
): Promise<ChangeReport> {
  const answer = await askToChange(config, change, selection);
  if (answer !== undefined) return answer;
  const action = change === 'retry' ? retryParked : dropParked;
  const { touched: _, ...report } = await withState(config, { readOnly: false }, (store) => action(store, selection));
  return { ...report, by: 'command' };
}

/** `undefined` if no host runs. Throws what the host throws. */
export async function askToChange(
  config: StateConfig,
  change: 'retry' | 'drop' | 'adopt',
  body: ParkedSelection & { readonly targetId?: number },
): Promise<ChangeReport | undefined> {
  const answer = await askHost<Omit<HandReport, 'touched'>>(controlPath(config), {
    ...{ method: 'POST', path: `/parked/${change}`, body },
  });
  return answer && { ...answer, by: 'host' };
}
