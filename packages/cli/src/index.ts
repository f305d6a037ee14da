/** The command line, for programs that call it. */
export { exitCodes } from './exitCodes.js';
export { runCli } from './runCli.js';

export type { ExitCode } from './exitCodes.js';
