import { keyText } from '@soar-feed/core';
import type { ObjectKey } from '@soar-feed/core';

/**
 * Objects of which the target may have more than the mapping says: an update was sent, and the mapping's database could not
 * record it. A newer event may take the place of that update, and change nothing compared with the mapping.
 *
 * Kept as long as the process runs, however often the feed opens. After a crash, the update's own message comes again.
 */
export class Unrecorded {
  private readonly names = new Set<string>();

  has(key: ObjectKey): boolean {
    return this.names.has(keyText(key));
  }

  add(key: ObjectKey): void {
    this.names.add(keyText(key));
  }

  /** The object counts if the commit, which records what was sent, fails, and no longer once it is durable. */
  async until(key: ObjectKey, commit: Promise<void>): Promise<void> {
    try {
      await commit;
      this.names.delete(keyText(key));
    } catch (error) {
      this.add(key);
      throw error;
    }
  }
}
