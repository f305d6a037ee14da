/** Writes the project of a new target; the command `create-feed-target` calls it. */
export { createFeedTarget } from './createFeedTarget.js';
export { UsageError } from './UsageError.js';
export type { Created, CreateOptions } from './createFeedTarget.js';
export type { Language } from './manifestFor.js';
