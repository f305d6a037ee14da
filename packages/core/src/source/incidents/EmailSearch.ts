import type { CallOptions, SoarClient } from '@soar-feed/soar-client';
import { SoarApiError } from '@soar-feed/soar-client';
import type { Logger } from '../../contract/Logger.js';
import { isEmail } from '../../contract/TypeSchema.js';
import type { TypeSchema } from '../../contract/TypeSchema.js';
import { platformId } from '../../contract/platformId.js';
import { plainValues } from '../../shape/plainValues.js';
import type { TypeCatalog } from '../../shape/TypeCatalog.js';
import type { ReadObject } from './incidentParts.js';
import { searchObjects } from './searchObjects.js';

/** The type's name in the API. */
export const EMAIL_API_TYPE = '__emailmessage';

const REFUSALS: readonly (number | undefined)[] = [400, 403, 404, 405];

/**
 * E-mail messages of incidents from the search index. No other reading of them is known, and IBM's feed uses none; whether
 * every server has them in its index is unconfirmed. One that refuses is asked no more, and the log says so once.
 */
export class EmailSearch {
  private isRefused = false;

  constructor(
    private readonly client: Pick<SoarClient, 'search'>,
    private readonly catalog: Pick<TypeCatalog, 'all'>,
    private readonly log?: Logger,
  ) {}

  /** The type, if e-mail messages are fed; where they are not, nobody looks for it. */
  async type(): Promise<TypeSchema | undefined> {
    return (await this.catalog.all()).find(isEmail);
  }

  /** By incident, for incidents by ascending id. Throws what the search throws, unless the server refuses the type. */
  async of(incidentIds: readonly number[], options: CallOptions): Promise<ReadonlyMap<number, readonly ReadObject[]>> {
    const found = new Map<number, ReadObject[]>();
    const schema = this.isRefused || incidentIds.length === 0 ? undefined : await this.type();
    if (schema === undefined) return found;
    for (const { result, inc_id: named } of await this.search(incidentIds, options)) {
      const payload = plainValues(result, schema.fields);
      const incidentId = platformId(named ?? payload.inc_id, 'The incident id of an e-mail message in the search');
      found.set(incidentId, [...(found.get(incidentId) ?? []), { schema, payload }]);
    }
    return found;
  }

  private async search(incidentIds: readonly number[], options: CallOptions): ReturnType<typeof searchObjects> {
    try {
      return await searchObjects(this.client, incidentIds, [EMAIL_API_TYPE], options);
    } catch (error) {
      if (!SoarApiError.is(error) || !REFUSALS.includes(error.status)) throw error;
      // Several incidents may be asked for at the same time.
      const isNews = !this.isRefused;
      this.isRefused = true;
      this.log?.[isNews ? 'warn' : 'debug'](
        `The source does not search e-mail messages, so a reload brings none; those that the queue brings are fed: ${error.message}`,
        { event: 'source.no-emails' },
      );
      return [];
    }
  }
}
