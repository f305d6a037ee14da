import 'reflect-metadata';
import { exitCodes } from './exitCodes.js';
import { runCli } from './runCli.js';

/** Longest wait, ms, for what still holds the process after a command has ended: a socket that lingers. */
const LINGER_MS = 2_000;

const [, , ...args] = process.argv;

// Whoever reads our output may stop reading: `soar-feed targets | head -1` is no failure, nor is a log that nobody reads, a
// terminal that was closed (EIO), or a disk that takes no log: a host goes on without. A result that cannot be written is.
const READER_GONE: readonly (string | undefined)[] = ['EPIPE', 'EIO'];
process.stderr.on('error', () => undefined);
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (READER_GONE.includes(error.code) || args.includes('run')) return;
  process.stderr.write(`soar-feed: The output cannot be written: ${error.message}\n`);
  process.exit(exitCodes.outputFailed.code);
});

process.exitCode = await runCli(args);
setTimeout(() => process.exit(), LINGER_MS).unref();
