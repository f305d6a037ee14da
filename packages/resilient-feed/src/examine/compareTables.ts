import { isDataTable } from '@soar-feed/core';
import type { FieldSchema, TypeSchema } from '@soar-feed/core';
import type { TypeDto } from '@soar-feed/soar-client';
import { shown } from './compareFields.js';
import { compareOptions } from './compareOptions.js';
import { fitOf } from './fitOf.js';
import type { Findings, Pair } from './Pair.js';
import { requiredFinding } from './requiredFinding.js';

/** Data tables and their columns. */
export function* compareTables(pair: Pair): Findings {
  for (const table of pair.source.filter(isDataTable)) {
    const [there, raw] = [pair.target.type(table.name), pair.raw[table.name]];
    if (there === undefined || raw === undefined) {
      pair.lacks.newTable(table.name, table.displayName, table.fields.values());
      yield {
        ...{ gravity: 'loses', area: 'data table', subject: table.name },
        problem: 'is not at the target',
        consequence: 'its rows are left out',
        fix: `Make it there: a data table with the API name ${table.name} and the same columns.`,
      };
      continue;
    }
    for (const column of table.fields.values()) yield* compareColumn(pair, table, column, there, raw);
    for (const column of there.fields.values()) {
      const source = table.fields.get(column.name);
      if (column.required === 'always' && source?.required !== 'always')
        yield requiredFinding(table.name, column, source !== undefined);
    }
  }
}

function* compareColumn(pair: Pair, table: TypeSchema, column: FieldSchema, there: TypeSchema, raw: TypeDto): Findings {
  const subject = `${table.name}.${column.name}`;
  const target = there.fields.get(column.name);
  if (target === undefined) {
    pair.lacks.column(raw, column);
    yield {
      ...{ gravity: 'loses', area: 'column', subject },
      problem: 'is not at the target',
      consequence: 'its cells are left out',
      fix: `Add a column of type ${shown(column)} with the API name ${column.name}.`,
    };
    return;
  }
  const fit = fitOf(column, target);
  if (fit !== undefined) {
    yield {
      ...{ ...fit, area: 'column type', subject },
      problem: `is of type ${shown(column)} at the source, and ${shown(target)} at the target`,
      fix: `Replace the target's column by one of type ${shown(column)} with the same API name.`,
    };
  }
  yield* compareOptions(pair, { type: raw, field: column, target, subject });
}
