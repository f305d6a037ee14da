import type { Call } from '../Call.js';
import type { OrgRoutes } from '../OrgRoutes.js';

/**
 * Export and import of configurations, as `resilient-circuits customize` uses them; and the deletes that an administrator
 * makes.
 */
export function configurationRoutes(routes: OrgRoutes): void {
  for (const path of ['/configurations/exports', '/configurations/exports/'])
    routes.post(path, (call) => call.org.configuration.export());
  routes.post('/configurations/imports', (call) => call.org.configuration.import(call.body));
  routes.get('/configurations/imports/:id', (call) => call.org.configuration.at(call.id()));
  routes.put('/configurations/imports/:id', (call) => call.org.configuration.confirm(call.id(), call.body['status']));
  const deletes = (path: string, what: (call: Call) => void): void =>
    routes.delete(path, (call) => {
      what(call);
      return call.deleted();
    });
  deletes('/actions/:id', (call) => call.org.configuration.delete('action', String(call.id())));
  deletes('/functions/:name', (call) => call.org.configuration.delete('function', call.text('name')));
  deletes('/playbooks/:name', (call) => call.org.configuration.delete('playbook', call.text('name')));
  deletes('/message_destinations/:id', (call) => call.org.configuration.delete('destination', String(call.id())));
  deletes('/types/:type/fields/:field', (call) =>
    call.org.configuration.delete('field', call.text('type'), call.text('field')),
  );
}
