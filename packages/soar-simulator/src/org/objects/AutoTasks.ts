import type { WriteContext } from '../Journal.js';
import type { AutoTaskOptions } from '../OrgOptions.js';
import type { LaterWork } from '../LaterWork.js';
import type { OrgState } from '../OrgState.js';
import type { IncidentRecord } from '../records.js';
import type { Tasks } from './Tasks.js';

interface Template {
  readonly id: number;
  /** undefined: the task is for every incident. */
  readonly incidentType: number | undefined;
  readonly options: AutoTaskOptions;
}

const shipped: readonly AutoTaskOptions[] = [
  {
    name: 'Isolate the infected system',
    incidentType: 'Malware',
    phase: 'Respond',
    required: true,
    instructions: 'Take it off the network.',
  },
  { name: 'Analyse the sample', incidentType: 'Malware', phase: 'Detect/Analyze', required: false },
  { name: 'Collect the original e-mail', incidentType: 'Phishing', phase: 'Detect/Analyze', required: true },
];

/** The tasks that a platform adds by itself when an incident gets a type. They are not custom and cannot be deleted. */
export class AutoTasks {
  private readonly templates: readonly Template[];

  constructor(
    private readonly org: OrgState,
    private readonly tasks: Tasks,
    private readonly later: LaterWork,
  ) {
    const types = org.schema.type('incident').fields.get('incident_type_ids')?.options;
    this.templates = (org.options.autoTasks ?? shipped).flatMap((options, i) => {
      const type = types?.find(options.incidentType)?.value;
      if (type === undefined && options.incidentType !== '*') return [];
      return [{ id: org.idBase + 40 + i, incidentType: type === undefined ? undefined : Number(type), options }];
    });
  }

  /** Whether any of these types brings a required task. */
  required(typeIds: readonly number[]): boolean {
    return this.templatesFor(typeIds).some(({ options }) => options.required !== false);
  }

  /** Adds the tasks of new types (now or later, by the switch) and deactivates the tasks of removed types. */
  typesChanged(incident: IncidentRecord, before: readonly number[], write: WriteContext): void {
    const types = incident.dto.incident_type_ids;
    const existing = new Set(Array.from(incident.tasks.values(), ({ dto }) => dto.at_id));
    const wanted = this.templatesFor(types);
    const wantedIds = new Set(wanted.map(({ id }) => id));
    const missing = wanted.filter(({ id }) => !existing.has(id));
    if (before.length > 0 || existing.size > 0)
      for (const task of incident.tasks.values())
        if (task.dto.at_id !== null) this.tasks.activate(task, wantedIds.has(task.dto.at_id), write);
    if (missing.length === 0) return;
    if (this.org.behaviour.autoTasks === 'at-once') this.add(incident, missing, write);
    else this.later.add(() => this.addMissing(incident, write), this.org.behaviour.autoTaskDelayMs);
  }

  private templatesFor(typeIds: readonly number[]): Template[] {
    return this.templates.filter(({ incidentType }) => incidentType === undefined || typeIds.includes(incidentType));
  }

  private addMissing(incident: IncidentRecord, write: WriteContext): void {
    // The incident may have been deleted meanwhile, or another write may have added the task.
    if (!this.org.incidents.has(incident.dto.id)) return;
    const existing = new Set(Array.from(incident.tasks.values(), ({ dto }) => dto.at_id));
    const missing = this.templatesFor(incident.dto.incident_type_ids).filter(({ id }) => !existing.has(id));
    this.org.journal.within(write, () => this.add(incident, missing, write));
  }

  private add(incident: IncidentRecord, templates: readonly Template[], write: WriteContext): void {
    for (const { id, options } of templates)
      this.tasks.createAutomatic(
        incident,
        id,
        {
          name: options.name,
          phase_id: options.phase ?? 'Initial',
          required: options.required ?? true,
          instructions: options.instructions ?? null,
          category_id: options.category ?? null,
        },
        write,
      );
  }
}
