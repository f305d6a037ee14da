import { asBag } from '../../org/bag.js';
import type { Bag } from '../../org/bag.js';
import { queryIncidents } from '../../org/query/queryIncidents.js';
import type { IncidentRecord } from '../../org/records.js';
import type { Call } from '../Call.js';
import type { OrgRoutes } from '../OrgRoutes.js';
import { showBundled, showIncident } from '../show.js';

export function incidentRoutes(routes: OrgRoutes): void {
  routes.post('/incidents', (call) => {
    const record = call.org.bundledIncidents.create(call.body, call.write);
    const { wantedTasks, bundledAnswer } = call.state.behaviour;
    const shown = showIncident(call, record, call.query('want_tasks') === 'true' && wantedTasks === 'answered');
    return bundledAnswer === 'omitted' ? shown : { ...shown, ...showBundled(call, record, bundledAnswer === 'shown') };
  });
  routes.get('/incidents', (call) => all(call));
  routes.get('/incidents/open', (call) => all(call).filter(({ plan_status: status }) => status === 'A'));
  routes.post('/incidents/query', (call) =>
    queryIncidents(call.state, { ...call.body, length: null }).data.map((record) => level(call, record)),
  );
  routes.post('/incidents/query_paged', (call) => {
    const page = queryIncidents(call.state, call.body);
    return { ...page, data: page.data.map((record) => level(call, record)) };
  });
  routes.put('/incidents/patch', (call) => {
    const patches = Object.entries(asBag(call.body['patches']));
    const statuses = patches.map(([id, patch]) => [
      id,
      call.org.incidents.patch(Number(id), asBag(patch), call.write, call.format),
    ]);
    return { success: true, statuses: Object.fromEntries(statuses) as Bag };
  });
  routes.put('/incidents/delete', (call) => {
    for (const id of call.idList) call.org.incidents.remove(id, call.write);
    return call.deleted();
  });
  routes.get('/incidents/:id', (call) => showIncident(call, call.state.incident(call.id())));
  routes.put('/incidents/:id', (call) => showIncident(call, call.org.incidents.put(call.id(), call.body, call.write)));
  routes.patch('/incidents/:id', (call) => call.org.incidents.patch(call.id(), call.body, call.write, call.format));
  routes.delete('/incidents/:id', (call) => {
    call.org.incidents.remove(call.id(), call.write);
    return call.deleted();
  });
  routes.get('/incidents/:id/members', (call) => members(call.state.incident(call.id())));
  routes.put('/incidents/:id/members', (call) => {
    const record = call.state.incident(call.id());
    const vers = call.body['vers'] ?? record.dto.vers;
    return members(
      call.org.incidents.put(call.id(), { ...record.dto, vers, members: call.body['members'] }, call.write),
    );
  });
}

function all(call: Call): Bag[] {
  return Array.from(call.state.incidents.values(), (record) => showIncident(call, record));
}

function members({ dto }: IncidentRecord): Bag {
  return { members: dto.members, vers: dto.vers };
}

const partial = [
  'id',
  'name',
  'description',
  'plan_status',
  'severity_code',
  'owner_id',
  'create_date',
  'discovered_date',
];
const notNormal = ['gdpr', 'hipaa', 'regulator_risk', 'assessment', 'perms', 'task_changes'];

/** `return_level` partial < normal < full; it is unconfirmed which fields each level has, except that full has all. */
function level(call: Call, record: IncidentRecord): Bag {
  const shown = showIncident(call, record);
  const wanted = call.query('return_level');
  if (wanted === 'full') return shown;
  if (wanted === 'partial')
    return Object.fromEntries([...partial, 'vers', 'inc_last_modified_date'].map((name) => [name, shown[name]]));
  return Object.fromEntries(Object.entries(shown).filter(([name]) => !notNormal.includes(name)));
}
