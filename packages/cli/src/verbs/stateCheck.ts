import { StoreError } from '@soar-feed/core';
import { sharedRedactor } from '@soar-feed/core/runtime';
import { inspectState, KnexFeedStore } from '@soar-feed/store';
import { exitCodes } from '../exitCodes.js';
import type { GlobalArgs } from '../globalOptions.js';
import { stateConfigOf } from '../openState.js';
import { agreement } from '../state/agreement.js';
import { countsOf } from '../state/countsOf.js';
import { stateLines } from '../state/stateLines.js';
import type { StateLine } from '../state/stateLines.js';
import { withInspection } from '../withInspection.js';

export interface StateCheckArgs extends GlobalArgs {
  readonly json: boolean;
}

const SIGNS = { ok: 'ok  ', warn: 'warn', fail: 'FAIL' } as const;

export async function stateCheck(args: StateCheckArgs): Promise<number> {
  const { feeds } = stateConfigOf(args);
  const lines: StateLine[] = [];
  const say = (line: StateLine): void => {
    lines.push(line);
    if (!args.json)
      process.stdout.write(sharedRedactor.redact(`${SIGNS[line.state]}  ${line.what.padEnd(10)}  ${line.detail}\n`));
  };
  const found = await inspectState(feeds.stateDb);
  for (const line of stateLines(found)) say(line);
  const isReadable = lines.every(({ state }) => state !== 'fail') && found.steps.done === found.steps.known;
  if (isReadable) {
    const store = new KnexFeedStore({ database: feeds.stateDb });
    await store.open({ readOnly: true });
    try {
      say({ what: 'rows', state: 'ok', detail: await countsOf(store) });
      await withInspection(args, { ask: false }, async (inspection, signal) => {
        for (const feed of inspection.feeds) say(await agreement(feed, store, signal));
      }).catch((error: unknown) => {
        if (error instanceof StoreError) throw error;
        say({ what: 'mapping', state: 'warn', detail: `cannot be compared: ${(error as Error).message}` });
      });
    } finally {
      await store.close();
    }
  }
  const ok = lines.every(({ state }) => state !== 'fail');
  if (args.json) process.stdout.write(`${JSON.stringify(sharedRedactor.redactAll({ ok, lines }), null, 2)}\n`);
  return (ok ? exitCodes.done : exitCodes.store).code;
}
