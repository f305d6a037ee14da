import { abort } from './scenarios/abort.js';
import { batch } from './scenarios/batch.js';
import { content } from './scenarios/content.js';
import { deletes } from './scenarios/deletes.js';
import { inputUntouched } from './scenarios/inputUntouched.js';
import { lifeCycle } from './scenarios/lifeCycle.js';
import { missingParent } from './scenarios/missingParent.js';
import { newestWins } from './scenarios/newestWins.js';
import { noSecret } from './scenarios/noSecret.js';
import { oddValues } from './scenarios/oddValues.js';
import { outage } from './scenarios/outage.js';
import { poison } from './scenarios/poison.js';
import { together } from './scenarios/together.js';
import { twiceIsOnce } from './scenarios/twiceIsOnce.js';
import { batchLife } from './scenarios/batchLife.js';
import { contentEdges } from './scenarios/contentEdges.js';
import { restart } from './scenarios/restart.js';
import { restored } from './scenarios/restored.js';
import { schemaChanges } from './scenarios/schemaChanges.js';
import { refusesStale } from './scenarios/stale.js';
import { wholeIncident } from './scenarios/wholeIncident.js';
import type { TargetScenario } from './TargetScenario.js';

/** All scenarios by the promise they test. */
export const targetScenarios = {
  'life-cycle': lifeCycle,
  'twice is once': twiceIsOnce,
  'newest wins': newestWins,
  restored,
  'refuses stale': refusesStale,
  deletes,
  'missing parent': missingParent,
  'whole incident': wholeIncident,
  together,
  outage,
  poison,
  abort,
  restart,
  batch: [...batch, ...batchLife],
  content: [...content, ...contentEdges],
  'schema changes': schemaChanges,
  'odd values': oddValues,
  'input untouched': inputUntouched,
  'no secret': noSecret,
} satisfies Record<string, readonly TargetScenario[]>;
