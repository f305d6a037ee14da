import { Random } from '@soar-feed/soar-simulator';
import type { SimOrg } from '@soar-feed/soar-simulator';

/** The same object several times in one incident, as people who click twice and scripts that repeat themselves write it. */
export function writeEquals(source: SimOrg, seed: number, count: number): void {
  const random = new Random(seed);
  const ids = source.incidentIds();
  if (ids.length === 0) return;
  const write = random.pick(ways);
  const incidentId = random.pick(ids);
  for (let time = 0; time < count; time += 1) write(source, incidentId, `once more ${seed}`);
}

const ways: readonly ((source: SimOrg, incidentId: number, text: string) => unknown)[] = [
  (source, incidentId, text) => source.addNote({ incidentId }, text),
  (source, incidentId, text) => source.createTask(incidentId, { name: text }),
  (source, incidentId, text) => source.addMilestone(incidentId, { title: text, date: 1 }),
  (source, incidentId, text) =>
    source.addAttachment({ incidentId }, { name: text, contentType: 'text/plain', content: Buffer.from(text) }),
];
