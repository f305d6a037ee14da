import type { SoarClient } from '@soar-feed/soar-client';
import type { TargetCatalog } from '../../translate/TargetCatalog.js';
import { BoundedCache } from '../../BoundedCache.js';
import { strayOf } from './Stray.js';
import type { Stray } from './Stray.js';

/** Source ids per request, if the target keeps them as numbers. */
const BLOCK = 100;

/**
 * Finds target incidents by their references to incidents of the source, wherever their ids are. So it finds what a
 * mapping restored from a backup does not know, at any time. A load asks for neighbours, so one request serves many.
 */
export class ReferringIncidents {
  /** By the first source id of the block. Stays valid while the feed is open, as no incident is made without a row. */
  private readonly blocks = new BoundedCache<number, Promise<readonly Stray[]>>(200);

  constructor(
    private readonly client: SoarClient,
    private readonly catalog: TargetCatalog,
    private readonly sourceOrgId: number,
  ) {}

  /** `fresh`: asks again, whatever was read before. Throws what the client throws. */
  async to(sourceId: number, { fresh }: { readonly fresh: boolean }, signal: AbortSignal): Promise<readonly Stray[]> {
    const type = this.catalog.type('incident')?.fields.get('df_inc_id');
    if (type?.prefix !== 'properties') return [];
    const isNumber = type.inputType === 'number';
    const found =
      fresh || !isNumber
        ? await this.read(['equals', isNumber ? sourceId : String(sourceId)], undefined, signal)
        : await this.block(sourceId, signal);
    return found.filter((stray) => stray.references?.incidentId === sourceId);
  }

  private block(sourceId: number, signal: AbortSignal): Promise<readonly Stray[]> {
    const first = sourceId - (sourceId % BLOCK);
    const known = this.blocks.get(first);
    if (known !== undefined) return known;
    const reading = this.read(['gte', first], ['lte', first + BLOCK - 1], signal);
    this.blocks.set(first, reading);
    reading.catch(() => this.blocks.delete(first));
    return reading;
  }

  private async read(
    from: readonly ['equals' | 'gte', number | string],
    to: readonly ['lte', number] | undefined,
    signal: AbortSignal,
  ): Promise<readonly Stray[]> {
    const conditions = [from, ...(to === undefined ? [] : [to])].map(([method, value]) => ({
      field_name: 'properties.df_inc_id',
      method,
      value,
    }));
    const found: Stray[] = [];
    for await (const page of this.client.incidents.pages({ conditions, returnLevel: 'full' }, { signal })) {
      found.push(...page.map(strayOf));
    }
    return found.filter(({ references }) => (references?.orgId ?? this.sourceOrgId) === this.sourceOrgId);
  }
}
