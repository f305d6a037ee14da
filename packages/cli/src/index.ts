/** The command line as a program may call it. */
export { exitCodes } from './exitCodes.js';
export { runCli } from './runCli.js';

export type { ExitCode } from './exitCodes.js';
