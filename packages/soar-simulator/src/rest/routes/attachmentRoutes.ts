import type { ParentRef } from '../../org/dto/NoteDto.js';
import { resolveParent } from '../../org/objects/Notes.js';
import type { AttachmentRecord } from '../../org/records.js';
import type { Call } from '../Call.js';
import type { OrgRoutes } from '../OrgRoutes.js';
import { readUpload } from '../readUpload.js';
import { sendFile } from '../sendFile.js';
import { showAttachment } from '../show.js';

export function attachmentRoutes(routes: OrgRoutes): void {
  routes.post('/incidents/:id/attachments/query', (call) => {
    const { attachments, tasks } = call.state.incident(call.id());
    const records = [...attachments.values()];
    if (call.query('include_tasks') === 'true')
      for (const task of tasks.values()) records.push(...task.attachments.values());
    return { attachments: records.map((record) => showAttachment(call, record)) };
  });
  under(routes, '/incidents/:id', (call) => ({ incidentId: call.id() }));
  under(routes, '/tasks/:id', (call) => ({ taskId: call.id() }));
}

function under(routes: OrgRoutes, base: string, parentOf: (call: Call) => ParentRef): void {
  routes.get(`${base}/attachments`, (call) => {
    const { incident, task } = resolveParent(call.state, parentOf(call));
    return Array.from((task ?? incident).attachments.values(), (record) => showAttachment(call, record));
  });
  routes.post(`${base}/attachments`, async (call) => {
    const { file } = await readUpload(call, call.state.behaviour.maxAttachmentMb);
    return showAttachment(call, call.org.attachments.create(parentOf(call), file, call.write));
  });
  routes.get(`${base}/attachments/:attachment`, (call) => showAttachment(call, at(call, parentOf(call))));
  routes.get(`${base}/attachments/:attachment/contents`, (call) => sendFile(call, at(call, parentOf(call)).file));
  routes.delete(`${base}/attachments/:attachment`, (call) => {
    call.org.attachments.remove(at(call, parentOf(call)).dto.id, call.write);
    return call.deleted();
  });
}

function at(call: Call, parent: ParentRef): AttachmentRecord {
  return call.org.attachments.at(parent, call.id('attachment'));
}
