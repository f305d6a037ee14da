import { FeedError } from '../contract/errors.js';
import type { TypeCatalog } from '../shape/TypeCatalog.js';
import type { Patience } from '../source/patience/Patience.js';

/** A start needs the types of the source. Throws what the client says about it, where nobody waits for the source. */
export async function askForTypes(catalog: TypeCatalog, patience: Patience, patient: boolean): Promise<void> {
  await patience
    .ask('The types of the source', () => catalog.all())
    .catch((error: unknown) => {
      // The client's own error says more than that the types are missing.
      throw !patient && FeedError.is(error) && error.cause !== undefined ? error.cause : error;
    });
}
