import { PermanentError } from '@soar-feed/core';
import type { IncidentFilter, OtherFilter } from '@soar-feed/core';
import { ExcludedFields } from '../fields/ExcludedFields.js';
import type { Criteria } from './Criteria.js';
import { CriteriaError } from './CriteriaError.js';
import { parseCriteria } from './parseCriteria.js';
import { strayNames } from './strayNames.js';
import { whyFiltered, whyFed } from './whyFiltered.js';

/** A filter for `backtest`: the config's, or another one. Throws `PermanentError` `filter-invalid`. */
export function incidentFilter(configured: Criteria, other?: OtherFilter): IncidentFilter {
  const criteria = other === undefined ? configured : read(other, configured);
  return {
    text: other?.text ?? criteria.clauses.map(({ text }) => text).join('; '),
    notes: criteria.notes,
    problems: (incidents) => strayNames(criteria, ExcludedFields.none, incidents).map(({ problem }) => problem),
    judge: (incident) => {
      const why = whyFiltered(criteria, incident);
      return { passes: why === undefined, because: why ?? whyFed(criteria, incident) };
    },
  };
}

function read({ text, combine }: OtherFilter, configured: Criteria): Criteria {
  try {
    return parseCriteria(text, combine ?? configured.combine);
  } catch (error) {
    if (!(error instanceof CriteriaError)) throw error;
    const details = { at: error.at };
    throw new PermanentError(`The filter cannot be read: ${error.message}`, { code: 'filter-invalid', details });
  }
}
