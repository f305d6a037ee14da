/** Per field, a short hash of the value that was sent. Equal digests: there is nothing to send. */
export type Digests = Readonly<Record<string, string>>;
