/** The command line cannot be understood; the message says what is wrong and where help is. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
