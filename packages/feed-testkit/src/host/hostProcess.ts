/**
 * The host of `runKillableHost`: a process of its own that starts the host of the `app.config` it is given, and answers its
 * parent's questions. Its state is durable if @soar-feed/store is installed.
 */
import { createFeedHost } from '@soar-feed/core/runtime';
import type { HostOptions } from '@soar-feed/core/runtime';
import type { Answer, Question } from './KillableHost.js';

const [, , configFile = 'app.config'] = process.argv;
const host = await createFeedHost({ configFile, modules: await storeModules() });
process.on('message', (question: Question) => void answer(question));
// The parent is gone: nobody would ever stop this one.
process.once('disconnect', () => process.exit(1));
await host.start({ reload: false });
process.send?.('ready');

async function answer({ id, ask, timeoutMs }: Question): Promise<void> {
  const say = (rest: Omit<Answer, 'id'>): void => void process.send?.({ id, ...rest });
  try {
    if (ask === 'quiet') say({ value: await host.quiet(timeoutMs) });
    else if (ask === 'feeds') say({ value: host.status().feeds });
    else if (ask === 'reload') say({ value: await host.reload() });
    else {
      await host.stop();
      say({ value: undefined });
      process.disconnect();
    }
  } catch (error) {
    say({ problem: error instanceof Error ? error.message : String(error) });
  }
}

async function storeModules(): Promise<NonNullable<HostOptions['modules']>> {
  type Store = { storeModule(options: { database: unknown }): ReturnType<NonNullable<HostOptions['modules']>>[number] };
  const name: string = '@soar-feed/store';
  const store = (await import(name).catch(() => undefined)) as Store | undefined;
  return ({ config }) => (store === undefined ? [] : [store.storeModule({ database: config.feeds.stateDb })]);
}
