import { Random } from '@soar-feed/soar-simulator';
import type { SimOrg } from '@soar-feed/soar-simulator';

/** Every second note and artifact of every incident, about: edited or deleted. */
export function reviseAll(source: SimOrg, seed: number): void {
  const random = new Random(seed);
  for (const incidentId of source.incidentIds()) {
    for (const { id } of source.notes({ incidentId })) {
      const what = random.pick(['edit', 'delete', undefined, undefined] as const);
      if (what === 'edit') source.editNote(id, `<b>${seed}</b>, revised ${id}`);
      if (what === 'delete') source.deleteNote(id);
    }
    for (const { id } of source.artifacts(incidentId)) {
      const what = random.pick(['edit', 'delete', undefined, undefined] as const);
      if (what === 'edit') source.updateArtifact(id, { description: `${seed}, revised` });
      if (what === 'delete') source.deleteArtifact(id);
    }
  }
}
