/** The command line is invalid; the message says what is wrong and where to find help. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
