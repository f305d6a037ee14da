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
import type { TargetScenario } from './TargetScenario.js';

/** All scenarios by the promise they test. */
export const targetScenarios = {
  'life-cycle': lifeCycle,
  'twice is once': twiceIsOnce,
  'newest wins': newestWins,
  deletes,
  'missing parent': missingParent,
  together,
  outage,
  poison,
  abort,
  batch,
  content,
  'odd values': oddValues,
  'input untouched': inputUntouched,
  'no secret': noSecret,
} satisfies Record<string, readonly TargetScenario[]>;
