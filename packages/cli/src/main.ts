import 'reflect-metadata';
import { runCli } from './runCli.js';

/** Longest wait, ms, for what still holds the process after a command has ended: a socket that lingers. */
const LINGER_MS = 2_000;

// Whoever reads our output may stop reading: `soar-feed targets | head -1` is no failure, nor is a log that nobody reads,
// nor a terminal that was closed (EIO).
const READER_GONE: readonly (string | undefined)[] = ['EPIPE', 'EIO'];
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (!READER_GONE.includes(error.code)) throw error;
  });
}

process.exitCode = await runCli(process.argv.slice(2));
setTimeout(() => process.exit(), LINGER_MS).unref();
