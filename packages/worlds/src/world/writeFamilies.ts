import { Random } from '@soar-feed/soar-simulator';
import type { SimOrg } from '@soar-feed/soar-simulator';

/** A random history of one incident's artifacts: written, with others below them, edited and deleted. */
export function writeFamilies(source: SimOrg, seed: number, steps: number): void {
  const random = new Random(seed);
  const ids = source.incidentIds();
  if (ids.length === 0) return;
  const incidentId = random.pick(ids);
  for (let step = 1; step <= steps; step += 1) {
    const artifacts = source.artifacts(incidentId);
    const one = artifacts.length === 0 ? undefined : random.pick(artifacts).id;
    const what = random.pick(['write', 'write below', 'write below', 'edit', 'delete'] as const);
    if (one === undefined || what.startsWith('write')) {
      const above = what === 'write' || one === undefined ? {} : { parent_id: one };
      source.addArtifact(incidentId, { type: 'DNS Name', value: `host-${seed}-${step}.example.com`, ...above });
    } else if (what === 'edit') source.updateArtifact(one, { description: `${seed}, step ${step}` });
    else source.deleteArtifact(one);
  }
}
