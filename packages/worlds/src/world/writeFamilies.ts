import { Random } from '@soar-feed/soar-simulator';
import type { SimOrg } from '@soar-feed/soar-simulator';

/** A random history of one incident's artifacts: written with others below them, edited, and deleted, most of all parents. */
export function writeFamilies(source: SimOrg, seed: number, steps: number): void {
  const random = new Random(seed);
  const ids = source.incidentIds();
  if (ids.length === 0) return;
  const incidentId = random.pick(ids);
  const write = (name: string, parentId: number | null): number | undefined =>
    source.addArtifact(incidentId, {
      type: 'DNS Name',
      value: `${name}-${seed}.example.com`,
      ...(parentId === null ? {} : { parent_id: parentId }),
    })[0]?.id;
  for (let step = 1; step <= steps; step += 1) {
    const artifacts = source.artifacts(incidentId);
    const above = new Set(artifacts.map(({ parent_id: id }) => id));
    const parents = artifacts.filter(({ id }) => above.has(id));
    const any = artifacts.length === 0 ? undefined : random.pick(artifacts);
    switch (random.pick(['family', 'family', 'below', 'edit', 'delete', 'delete'] as const)) {
      case 'family': {
        const parent = write(`parent-${step}`, null);
        if (parent !== undefined) write(`child-${step}`, parent);
        break;
      }
      case 'below':
        write(`child-${step}`, any?.id ?? null);
        break;
      case 'edit':
        if (any !== undefined) source.updateArtifact(any.id, { description: `${seed}, step ${step}` });
        break;
      case 'delete': {
        const gone = parents.length === 0 ? any : random.pick(parents);
        if (gone !== undefined) source.deleteArtifact(gone.id);
      }
    }
  }
}
