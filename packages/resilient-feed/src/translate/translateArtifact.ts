import type { FeedEvent, TypeSchema } from '@soar-feed/core';
import { ExcludedFields } from '../fields/ExcludedFields.js';
import { carryFields } from './carryFields.js';
import { chosenOptions } from '../fields/chosenOptions.js';
import { FieldLosses } from './FieldLosses.js';
import type { TargetCatalog } from './TargetCatalog.js';
import type { TranslatedField, Translation } from '../fields/TranslatedField.js';
import { wellFormed } from '../fields/wellFormed.js';

/** Type and value cannot change after the create (v28), so the schema calls them read-only. */
export function translateArtifact(event: FeedEvent, target: TypeSchema, catalog: TargetCatalog): Translation {
  const chosen = chosenOptions(event.payload['type'], event.schema.fields.get('type'))[0];
  const label = chosen?.label ?? `#${chosen?.id ?? '?'}`;
  const type = chosen?.label === undefined ? undefined : catalog.artifactType(chosen.label);
  if (type === undefined) {
    return {
      fields: [],
      losses: [{ kind: 'artifact-type', name: 'type', label }],
      unsupported: `the target organization has no artifact type "${label}"`,
    };
  }
  const losses = new FieldLosses();
  const value = event.payload['value'];
  const identity: readonly TranslatedField[] = [
    { name: 'type', inputType: 'select', value: type.handle, createOnly: true },
    { name: 'value', inputType: 'text', value: typeof value === 'string' ? wellFormed(value) : '', createOnly: true },
  ];
  const changeable = carryFields(event, target, catalog, losses, ExcludedFields.none);
  return {
    fields: [...identity, ...changeable.filter(({ name, prefix }) => prefix !== undefined || !isIdentity(name))],
    losses: losses.list(),
  };
}

function isIdentity(name: string): boolean {
  return name === 'type' || name === 'value';
}
