import type { OrgState } from './OrgState.js';
import type { Labels } from './SimOrg.js';

/** Labels and ids of an org's select values, for analysts. */
export function labelsOf({ schema, people }: OrgState): Labels {
  const fieldOf = (type: string, field: string) => schema.type(type).fields.get(field);
  return {
    id(type, field, label) {
      const known = fieldOf(type, field);
      const id = known?.people ? people.find(label)?.dto.id : known?.options.find(label)?.value;
      if (id === undefined) throw new Error(`${type}.${field} has no option "${label}".`);
      return id;
    },
    label: (type, field, id) => fieldOf(type, field)?.options.get(id)?.label,
    all: (type, field) =>
      Array.from(fieldOf(type, field)?.options.all() ?? [])
        .filter(({ enabled, hidden }) => enabled && !hidden)
        .map(({ label }) => label),
    field(type, field) {
      const known = fieldOf(type, field);
      return known && { id: known.id, label: known.text, inputType: known.inputType };
    },
  };
}
