import 'reflect-metadata';
import { exitCodes } from './exitCodes.js';
import { limitGarbage } from './limitGarbage.js';
import { runCli } from './runCli.js';

/** Longest wait after a command has ended, for what still keeps the process alive, such as a lingering socket. ms. */
const LINGER_MS = 2_000;

const [, , ...args] = process.argv;

// The reader of our output may stop reading: `soar-feed targets | head -1` is not a failure. Nor is a log that nobody
// reads, a closed terminal (EIO), or a full disk below the log: a host continues without. A result that cannot be
// written is a failure.
const READER_GONE: readonly (string | undefined)[] = ['EPIPE', 'EIO'];
process.stderr.on('error', () => undefined);
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (READER_GONE.includes(error.code) || args.includes('run')) return;
  process.stderr.write(`soar-feed: The output cannot be written: ${error.message}\n`);
  process.exit(exitCodes.outputFailed.code);
});

limitGarbage();
process.exitCode = await runCli(args);
setTimeout(() => process.exit(), LINGER_MS).unref();
