import { exitCodes } from '../../src/exitCodes.js';

/** The exit codes as a markdown table. */
export function exitCodeTable(): string {
  const rows = Object.values(exitCodes).map(
    ({ code, meaning, whatToDo }) => `| ${code} | ${meaning} | ${whatToDo} |\n`,
  );
  return `| Code | Meaning | What to do |\n| --- | --- | --- |\n${rows.join('')}`;
}
