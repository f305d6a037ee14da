/** Writes the metrics and the log events of the source into docs/operate.md. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from '../repository.js';
import { eventsTable, metricsTable, withTable } from './tables.js';

const file = join(REPOSITORY, 'docs', 'operate.md');
const withMetrics = withTable(readFileSync(file, 'utf8'), 'metrics', metricsTable());
writeFileSync(file, withTable(withMetrics, 'log events', eventsTable()));
