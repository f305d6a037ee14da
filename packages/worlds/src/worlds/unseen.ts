import type { Kind } from './Kind.js';

/** The incidents existed before the feed, and nobody loads them: one that is touched comes whole, the others do not come. */
export const unseen: Kind = () => ({
  seeding: 'unseen',
  site: { fileFeed: false, references: true },
});
