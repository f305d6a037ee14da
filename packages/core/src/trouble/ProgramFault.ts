/** A bug was met, and what met it could only pass on its words: a report of several troubles, for example. */
export class ProgramFault extends Error {
  override readonly name = 'ProgramFault';
}
