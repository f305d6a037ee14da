import { runCommand } from './command/runCommand.js';

const stop = new AbortController();
// Once each: a second signal kills the process.
process.once('SIGINT', () => stop.abort());
process.once('SIGTERM', () => stop.abort());

try {
  await runCommand(process.argv.slice(2), { print: (line) => console.log(line), signal: stop.signal });
} catch (error) {
  console.error(`soar-simulator: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
