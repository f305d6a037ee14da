import { pageOf } from '../../org/query/pageOf.js';
import type { ArtifactRecord } from '../../org/records.js';
import type { Call } from '../Call.js';
import type { OrgRoutes } from '../OrgRoutes.js';
import { artifactPart, readUpload } from '../readUpload.js';
import { sendFile } from '../sendFile.js';
import { showArtifact } from '../show.js';

export function artifactRoutes(routes: OrgRoutes): void {
  const base = '/incidents/:id/artifacts';
  routes.get(base, (call) => list(call).map((record) => showArtifact(call, record)));
  routes.post(`${base}/query_paged`, (call) => {
    const page = pageOf(list(call), call.body, call.state.behaviour.maxPageSize);
    return { ...page, data: page.data.map((record) => showArtifact(call, record)) };
  });
  routes.post(base, (call) =>
    call.org.artifacts.create(call.id(), call.body, call.write).map((record) => showArtifact(call, record)),
  );
  routes.post(`${base}/files`, async (call) => {
    const { file, parts } = await readUpload(call, call.state.behaviour.maxArtifactMb);
    const made = showArtifact(call, call.org.artifacts.createFile(call.id(), artifactPart(parts), file, call.write));
    return call.state.behaviour.fileArtifactAnswer === 'list' ? [made] : made;
  });
  routes.get(`${base}/:artifact`, (call) => showArtifact(call, at(call)));
  routes.get(`${base}/:artifact/contents`, (call) => sendFile(call, at(call).file));
  routes.put(`${base}/:artifact`, (call) =>
    showArtifact(call, call.org.artifacts.update(at(call).dto.id, call.body, call.write)),
  );
  routes.delete(`${base}/:artifact`, (call) => {
    call.org.artifacts.remove(at(call).dto.id, call.write);
    return call.deleted();
  });
}

function list(call: Call): ArtifactRecord[] {
  return [...call.state.incident(call.id()).artifacts.values()];
}

function at(call: Call): ArtifactRecord {
  return call.org.artifacts.at(call.id(), call.id('artifact'));
}
