/**
 * Stands for a bug where only the text of the bug's error could be passed on, for example in a report of several
 * errors.
 */
export class ProgramFault extends Error {
  override readonly name = 'ProgramFault';
}
