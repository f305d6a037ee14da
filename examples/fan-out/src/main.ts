/**
 * One organization, four feeds, routed by workspace: `node dist/main.js [app.config]`. The routing is all in app.config;
 * the program starts the host and says at the end what each feed got.
 */
import { createFeedHost } from '@soar-feed/core/runtime';
import { storeModule } from '@soar-feed/store';

const host = await createFeedHost({
  configFile: process.argv[2] ?? 'app.config',
  modules: ({ config }) => [storeModule({ database: config.feeds.stateDb })],
});

async function stop(): Promise<void> {
  const { feeds } = host.status();
  await host.stop();
  for (const { name, counts } of feeds) {
    process.stderr.write(`${name}: ${counts.delivered} delivered, ${counts.parked} parked\n`);
  }
}
process.once('SIGINT', () => void stop());
process.once('SIGTERM', () => void stop());

await host.start();
