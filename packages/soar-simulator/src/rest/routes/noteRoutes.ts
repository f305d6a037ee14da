import type { ParentRef } from '../../org/dto/NoteDto.js';
import { resolveParent } from '../../org/objects/Notes.js';
import { pageOf } from '../../org/query/pageOf.js';
import type { NoteRecord } from '../../org/records.js';
import type { Call } from '../Call.js';
import type { OrgRoutes } from '../OrgRoutes.js';
import { showNote } from '../show.js';

export function noteRoutes(routes: OrgRoutes): void {
  under(routes, '/incidents/:id', (call) => ({ incidentId: call.id() }));
  under(routes, '/tasks/:id', (call) => ({ taskId: call.id() }));
}

function under(routes: OrgRoutes, base: string, parentOf: (call: Call) => ParentRef): void {
  routes.get(`${base}/comments`, (call) => topLevel(call, parentOf(call)).map((note) => showNote(call, note)));
  routes.post(`${base}/comments/query`, (call) => {
    const page = pageOf(topLevel(call, parentOf(call)), call.body, call.state.behaviour.maxPageSize);
    return { ...page, data: page.data.map((note) => showNote(call, note)) };
  });
  routes.post(`${base}/comments`, (call) => {
    const { text, parent_id: thread } = call.body;
    const parentId = typeof thread === 'number' ? thread : null;
    return showNote(call, call.org.notes.create(parentOf(call), text, parentId, call.write));
  });
  routes.get(`${base}/comments/:note`, (call) => showNote(call, at(call, parentOf(call))));
  routes.put(`${base}/comments/:note`, (call) => {
    const { dto } = at(call, parentOf(call));
    return showNote(call, call.org.notes.update(dto.id, call.body['text'], call.write));
  });
  routes.delete(`${base}/comments/:note`, (call) => {
    call.org.notes.remove(at(call, parentOf(call)).dto.id, call.write);
    return call.deleted();
  });
}

function topLevel(call: Call, parent: ParentRef): NoteRecord[] {
  const { incident, task } = resolveParent(call.state, parent);
  return [...(task ?? incident).notes.values()];
}

function at(call: Call, parent: ParentRef): NoteRecord {
  return call.org.notes.at(parent, call.id('note'));
}
