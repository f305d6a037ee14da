import { emailsInVain } from '../fields/emailTypes.js';
import { strayNames } from '../filter/strayNames.js';
import type { ExamineSettings, Findings, Pair } from './Pair.js';

/** The fields `df_…`, with the types that can hold them. */
const REFERENCES: Readonly<Record<string, readonly string[]>> = {
  df_org_id: ['number', 'text', 'textarea'],
  df_inc_id: ['number', 'text', 'textarea'],
  df_host: ['text', 'textarea'],
  df_create_date: ['datetimepicker', 'datepicker', 'number', 'text', 'textarea'],
};

/** What the feed's section names, and an organization does not have. */
export function* compareSettings(
  { source, target }: Pair,
  { criteria, exclude, syncReferenceFields, emails }: ExamineSettings,
  section: string,
): Findings {
  const incidents = source.find(({ name }) => name === 'incident');
  for (const { key, problem } of incidents === undefined ? [] : strayNames(criteria, exclude, incidents)) {
    const isFilter = key === 'matching_incident_fields';
    yield {
      ...{ gravity: isFilter ? 'loses' : 'changes', area: 'config', subject: `[${section}] ${key}`, problem },
      consequence: isFilter ? 'the clause matches no incident' : 'nothing is left out because of it',
      fix: 'Correct the name.',
    };
  }
  const inVain = emailsInVain(emails, source);
  if (inVain !== undefined)
    yield {
      ...{ gravity: 'loses', area: 'config', subject: `[${section}] emails`, problem: inVain },
      consequence: 'no e-mail message comes',
      fix: 'Set emails=true in [feeds], and run: soar-feed customize',
    };
  if (!syncReferenceFields) return;
  const fields = target.type('incident')?.fields;
  const unfit = Object.entries(REFERENCES)
    .filter(([name, types]) => {
      const field = fields?.get(name);
      return field?.prefix !== 'properties' || !types.includes(field.inputType);
    })
    .map(([name]) => name);
  if (unfit.length === 0) return;
  yield {
    ...{ gravity: 'note', area: 'reference field', subject: 'incident', names: unfit },
    problem: 'lacks fields at the target that name the incident of the source',
    consequence: 'people do not see where a replica comes from, and a lost mapping cannot find it again',
    fix: `Run: soar-feed customize --target ${section}`,
  };
}
