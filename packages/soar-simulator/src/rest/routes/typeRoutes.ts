import { noObject } from '../../org/PlatformError.js';
import type { OrgState } from '../../org/OrgState.js';
import { fieldDtos, typeDto } from '../../org/schema/schemaDto.js';
import type { TypeDef } from '../../org/schema/TypeDef.js';
import type { Call } from '../Call.js';
import type { OrgRoutes } from '../OrgRoutes.js';

export function typeRoutes(routes: OrgRoutes): void {
  routes.get('/types', (call) => {
    void call.reply.type('application/json');
    return allTypes(call);
  });
  routes.get('/types/:type', (call) => typeBody(call, typeOf(call)));
  routes.get('/types/:type/fields', (call) => fieldDtos(typeOf(call)));
  routes.get('/types/:type/fields/:field', (call) => {
    const name = call.text('field');
    const field = fieldDtos(typeOf(call)).find((each) => each['name'] === name || each['id'] === Number(name));
    if (!field) throw noObject(name);
    return field;
  });
}

/** The largest body of all, and every client reads it at its start: built once per state of the schema. */
const texts = new WeakMap<OrgState, { version: string; text: string }>();

function allTypes(call: Call): string {
  const types = Array.from(call.state.schema.types());
  const rules = call.org.rules.list().filter(({ enabled }) => enabled).length;
  const version = `${rules}:${call.state.schema.version}:${types.reduce((sum, type) => sum + type.version, 0)}`;
  const cached = texts.get(call.state);
  if (cached?.version === version) return cached.text;
  const text = JSON.stringify(Object.fromEntries(types.map((type) => [type.name, typeBody(call, type)])));
  texts.set(call.state, { version, text });
  return text;
}

function typeOf(call: Call): TypeDef {
  return call.state.schema.type(call.text('type'));
}

function typeBody(call: Call, type: TypeDef): Record<string, unknown> {
  const actions = call.org.rules
    .list()
    .filter(({ objectType }) => objectType === type.name)
    .map(({ id, name, kind, enabled }) => ({ id, name, type: kind === 'automatic' ? 0 : 1, enabled }));
  return typeDto(type, actions);
}
