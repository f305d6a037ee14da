import { FeedError, z } from '@soar-feed/core';
import { sharedRedactor } from '@soar-feed/core/runtime';
import type { HandReport, ParkedSelection } from '@soar-feed/core/runtime';
import type { Notice } from '@soar-feed/page';
import { selectionSchema } from '../http/selectionSchema.js';
import type { PageHost } from './PageHost.js';
import { counted } from '../output/counted.js';

const changeSchema = selectionSchema.extend({ change: z.enum(['retry', 'drop']) });

export type Change = z.output<typeof changeSchema> | 'check';

/** What a button of the page asks for; `undefined`: nothing that the page has a button for. */
export function changeOf(text: string | undefined): Change | undefined {
  if (text === 'check') return text;
  try {
    const { data } = changeSchema.safeParse(JSON.parse(text ?? ''));
    // Everything at once is nothing that a button asks for.
    return data !== undefined && Object.keys(data).length > 1 ? data : undefined;
  } catch {
    return undefined;
  }
}

export interface Made {
  readonly kind: Notice['kind'];
  readonly text: string;
  /** Whether rows may have changed. */
  readonly isChange: boolean;
}

/** Does as `soar-feed parked` does, and logs it. Never throws for what a store or a target says. */
export async function makeChange(asked: Change, { host, log }: PageHost): Promise<Made> {
  if (asked === 'check') return { kind: 'done', text: 'The token is right.', isChange: false };
  const { change, ...chosen } = asked;
  const selection: ParkedSelection = Object.fromEntries(
    Object.entries(chosen).filter(([, value]) => value !== undefined),
  );
  const about = Object.values(selection).join(' ');
  try {
    const { touched: _, ...report } = await (change === 'retry'
      ? host.retryParked(selection)
      : host.dropParked(selection));
    log.info('Parked rows were changed from the page.', { event: 'page.change', change, ...selection, ...report });
    return { kind: 'done', text: `${textOf(change, report)} (${about})`, isChange: true };
  } catch (error) {
    if (!FeedError.is(error)) throw error;
    return { kind: 'refused', text: sharedRedactor.redact(error.message), isChange: true };
  }
}

function textOf(change: 'retry' | 'drop', { rows, raw, left, undecided }: Omit<HandReport, 'touched'>): string {
  const done = change === 'retry' ? 'Back in line' : 'Dropped';
  return [
    rows + raw === 0 ? 'Nothing was changed.' : `${done}: ${counted(rows, raw)}.`,
    ...(left === 0 ? [] : [`${counted(left, 0)} came back or changed meanwhile.`]),
    ...(undecided === 0 ? [] : [`${counted(undecided, 0)} need a decision first.`]),
  ].join(' ');
}
