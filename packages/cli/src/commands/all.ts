import type { Command } from '../Command.js';
import { backtestCommand } from './backtest.js';
import { checkCommand } from './check.js';
import { configCommand } from './config.js';
import { customizeCommand } from './customize.js';
import { doctorCommand } from './doctor.js';
import { explainCommand } from './explain.js';
import { mapCommand } from './map.js';
import { pageCommand } from './page.js';
import { parkedCommand } from './parked.js';
import { planCommand } from './plan.js';
import { reloadCommand } from './reload.js';
import { repairCommand } from './repair.js';
import { runCommand } from './run.js';
import { stateCommand } from './state.js';
import { statusCommand } from './status.js';
import { tapCommand } from './tap.js';
import { targetsCommand } from './targets.js';
import { topCommand } from './top.js';
import { verifyCommand } from './verify.js';

/** Every verb, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  ...[runCommand, reloadCommand, statusCommand, topCommand, tapCommand, explainCommand, mapCommand, parkedCommand],
  ...[verifyCommand, repairCommand, planCommand, backtestCommand, stateCommand],
  ...[checkCommand, targetsCommand, configCommand, customizeCommand, doctorCommand],
  pageCommand,
];
