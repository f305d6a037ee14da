import { describeViews } from '../help/describeViews.js';
import { sqlitePlace } from '../help/sqlitePlace.js';

describeViews('views on SQLite', sqlitePlace);
