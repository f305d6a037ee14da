import { jest } from '@jest/globals';
import { freshDatabase, withPostgres } from '../helpers/postgres.js';
import { mappingSuite } from './mappingSuite.js';

jest.setTimeout(60_000);

withPostgres('the mapping in PostgreSQL', (url) => mappingSuite(() => freshDatabase(url)));
