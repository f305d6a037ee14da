/**
 * Keeps a folder of JSON files, one per object, equal to a SOAR organization: `node dist/main.js [app.config]`.
 * `soar-feed run` does the same, with better error messages; start from this if the feed is to live inside a program of
 * your own.
 */
import { createFeedHost } from '@soar-feed/core/runtime';
import { storeModule } from '@soar-feed/store';

// Reads and checks the whole file, finds and makes the targets; connects nothing yet.
const host = await createFeedHost({
  configFile: process.argv[2] ?? 'app.config',
  // Without a store, what is parked would be lost with the process.
  modules: ({ config }) => [storeModule({ database: config.feeds.stateDb })],
});

// Delivers what is under way, parks the rest, closes everything. What was not acknowledged comes again.
const stop = (): void => void host.stop();
process.once('SIGINT', stop);
process.once('SIGTERM', stop);

// The queue refused the login: only a person can fix that.
host.onFatal((error) => {
  process.exitCode = 1;
  process.stderr.write(`${error.message}\n`);
  stop();
});

await host.start();
