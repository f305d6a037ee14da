import type { Random, SimOrg, TaskDto } from '@soar-feed/soar-simulator';
import type { Standing } from './StandingObjects.js';

/** A change of one field in either organization, and how `verify` names it. */
export interface FieldDrift {
  readonly fields: readonly string[];
  /** Changes it on the object with this id; `number` makes the value a new one. */
  readonly change: Change;
}

type Change = (org: SimOrg, id: number, number: number) => void;

const PHASES = ['Engage', 'Respond'];

const incidentFields: Readonly<Record<string, Change>> = {
  name: (org, id, number) => org.updateIncident(id, { name: `Name ${number}` }),
  description: (org, id, number) => org.updateIncident(id, { description: `<b>Text</b> ${number}` }),
  'properties.ticket_ref': (org, id, number) => org.updateIncident(id, { properties: { ticket_ref: `T-${number}` } }),
  'properties.cost': (org, id, number) => org.updateIncident(id, { properties: { cost: 5_000_000 + number } }),
  'properties.regulator_informed': (org, id) => {
    const informed = org.incident(id).properties['regulator_informed'] === true;
    org.updateIncident(id, { properties: { regulator_informed: !informed } });
  },
  members: (org, id) => org.updateIncident(id, { members: otherMembers(org, org.incident(id).members) }),
};

const taskFields: Readonly<Record<string, Change>> = {
  name: (org, id, number) => org.updateTask(id, { name: `Task ${number}` }),
  instructions: (org, id, number) => org.updateTask(id, { instructions: `<i>Do</i> ${number}` }),
  due_date: (org, id, number) => org.updateTask(id, { due_date: 1_800_000_000_000 + number * 1_000 }),
  phase_id: (org, id) => org.updateTask(id, { phase_id: otherPhase(org, org.task(id)) }),
  members: (org, id) => {
    const { members } = org.task(id);
    org.updateTask(
      id,
      members === null ? { private: true, members: otherMembers(org, []) } : { members: null, private: false },
    );
  },
};

const fieldsOf: Readonly<Record<string, Readonly<Record<string, Change>>>> = {
  incident: incidentFields,
  task: taskFields,
  note: { text: (org, id, number) => org.editNote(id, `<p>Note</p> ${number}`) },
  milestone: {
    title: (org, id, number) => org.updateMilestone(id, { title: `Milestone ${number}` }),
    date: (org, id, number) => org.updateMilestone(id, { date: 1_800_000_000_000 + number * 1_000 }),
  },
  artifact: { description: (org, id, number) => org.updateArtifact(id, { description: `Found ${number}` }) },
  affected_hosts: {
    host: (org, id, number) => org.updateRow(id, { host: `host-${number}` }),
    alerts: (org, id, number) => org.updateRow(id, { alerts: 5_000_000 + number }),
    comment: (org, id, number) => org.updateRow(id, { comment: `<b>Row</b> ${number}` }),
  },
};

/** One of the object's fields; `undefined`: its kind never changes. `lacking`: phases that the target does not have. */
export function fieldDrift(
  { type, ids }: Standing,
  random: Random,
  lacking: readonly unknown[],
): FieldDrift | undefined {
  // Nobody can say which phase an object with such a phase should have there.
  const fits = (name: string): boolean => name !== 'phase_id' || !lacking.includes(ids['phase_id']);
  const fields = Object.entries(fieldsOf[type] ?? {}).filter(([name]) => fits(name));
  if (fields.length === 0) return undefined;
  const [field, change] = random.pick(fields);
  return { fields: field === 'members' && type === 'task' ? ['members', 'private'] : [field], change };
}

function otherPhase(org: SimOrg, task: TaskDto): number {
  const ids = PHASES.map((label) => Number(org.labels.id('task', 'phase_id', label)));
  return ids.find((id) => id !== task.phase_id) ?? 0;
}

/** Ada or Ben, whichever says something new. */
function otherMembers(org: SimOrg, now: readonly number[]): number[] {
  const ids = org.users().filter(({ email }) => ['ada@example.com', 'ben@example.com'].includes(email));
  const [first, second] = ids.map(({ id }) => id) as [number, number];
  return now.length === 1 && now[0] === first ? [second] : [first];
}
