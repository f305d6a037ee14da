import { within } from '@soar-feed/soar-client';
import type { FeedTarget } from '../../contract/FeedTarget.js';
import type { Logger } from '../../contract/Logger.js';
import type { SourceOrg } from '../../contract/SourceOrg.js';
import { checkContainer } from '../compose/hostContainer.js';
import { makeTarget } from '../compose/makeTarget.js';
import type { PreparedFeed } from '../PreparedHost.js';
import type { CheckLine } from './CheckLine.js';
import { failure, PATIENCE_MS } from './CheckLine.js';

/** Makes one feed's target and probes it without opening it. */
export async function checkTarget(
  feed: PreparedFeed,
  source: SourceOrg,
  options: { readonly log: Logger; readonly signal?: AbortSignal },
): Promise<CheckLine> {
  const { name } = feed.section;
  const about = { subject: 'target', feed: name } as const;
  let target: FeedTarget | undefined;
  try {
    const log = options.log.child({ feed: name });
    target = makeTarget(checkContainer(source, options.log), { name, config: feed.config, log }, feed.definition);
    const health = target.health?.bind(target);
    if (health === undefined) {
      return { ...about, state: 'warn', detail: 'the target offers no probe; it is tried at the first start' };
    }
    const { state, detail } = await within(PATIENCE_MS, options.signal, (signal) => health({ signal }), tooLate);
    if (state === 'up') return { ...about, state: 'ok', detail };
    if (state === 'degraded') return { ...about, state: 'warn', detail, code: 'target-degraded' };
    return { ...about, state: 'fail', detail, code: 'target-down' };
  } catch (error) {
    return { ...failure('target', error), feed: name };
  } finally {
    await target?.close().catch(() => undefined); // it was never open: nothing can be lost
  }
}

function tooLate(): Error {
  return new Error(`no answer within ${PATIENCE_MS / 1000} s`);
}
