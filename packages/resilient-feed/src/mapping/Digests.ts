/** A short hash of the value that was sent, per field. Equal digests: nothing to send. */
export type Digests = Readonly<Record<string, string>>;
