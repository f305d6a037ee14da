import { didYouMean } from '@soar-feed/core';
import type { TypeSchema } from '@soar-feed/core';
import type { Criteria } from './Criteria.js';
import type { ExcludedFields } from '../fields/ExcludedFields.js';
import { matchesWildcard } from '@soar-feed/core';
import { UNLISTED, unlistedFields } from './findField.js';

/** A name in the config that no field of incidents has. */
export interface StrayName {
  readonly key: 'matching_incident_fields' | 'exclude_incident_fields';
  readonly name: string;
  /** Names the likely field, if there is one. */
  readonly problem: string;
}

/** Sections that the platform keeps, although its schema may not list them. */
const SECTIONS = ['properties', 'pii', 'gdpr', 'hipaa'];

/**
 * Names in the filter and the exclusions that the source's schema does not have, before any incident can be looked at.
 */
export function strayNames(criteria: Criteria, exclude: ExcludedFields, incidents: TypeSchema): readonly StrayName[] {
  const fields = [...incidents.fields.values()];
  const sections = new Set([...SECTIONS, ...fields.flatMap(({ prefix }) => prefix ?? [])]);
  const known = [...fields.map(({ name }) => name), ...UNLISTED, 'assessment'];
  const placed = fields.map(({ name, prefix }) => (prefix === undefined ? name : `${prefix}.${name}`));
  const all = [...known, ...sections, ...placed];
  const near = (name: string): string => {
    const [last = name] = name.split('.').slice(-1);
    const guess = didYouMean(name, all) ?? didYouMean(last, known);
    return guess === undefined ? '' : `; did you mean ${guess}?`;
  };
  const ofFilter = unlistedFields(criteria, incidents).map((name): StrayName => {
    return { key: 'matching_incident_fields', name, problem: `the incidents have no field ${name}${near(name)}` };
  });
  const inVain = exclude.patterns.filter((pattern) => {
    const [section = '', field] = pattern.split('.');
    // Fields of a section that the schema does not list cannot be checked.
    if (field !== undefined && SECTIONS.includes(section) && !fields.some(({ prefix }) => prefix === section))
      return false;
    return !all.some((name) => matchesWildcard(pattern, name));
  });
  const ofExclusions = inVain.map((name): StrayName => {
    return {
      key: 'exclude_incident_fields',
      name,
      problem: `the incidents have no field or section ${name}${near(name)}`,
    };
  });
  return [...ofFilter, ...ofExclusions];
}
