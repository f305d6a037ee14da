import { describeHistory } from '../help/describeHistory.js';
import { sqlitePlace } from '../help/sqlitePlace.js';

describeHistory('history on SQLite, at length', sqlitePlace, { runs: 20 });
