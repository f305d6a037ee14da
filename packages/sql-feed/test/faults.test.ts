import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { toFeedError } from '../src/database/faults.js';

const PLACE = { name: 'PostgreSQL db.example/soar', table: 'incident' };
const VALUE = 'what the analyst wrote';

function ofDriver(fields: Readonly<Record<string, unknown>>, text: string): Error {
  return Object.assign(new Error(`insert into "incident" values ('${VALUE}') - ${text}`), fields);
}

describe('an error of a driver', () => {
  it.each([
    ['a lost connection', { code: '57P01' }, 'terminating connection', 'unavailable', 'sql-unreachable'],
    ['a lost connection', { code: 'PROTOCOL_CONNECTION_LOST' }, 'lost', 'unavailable', 'sql-unreachable'],
    ['a refused connection', { code: 'ECONNREFUSED' }, 'refused', 'unavailable', 'sql-unreachable'],
    ['a refused login', { code: '28P01' }, 'password', 'unavailable', 'sql-login'],
    ['a refused login', { code: 'ER_ACCESS_DENIED_ERROR', sqlState: '28000' }, 'denied', 'unavailable', 'sql-login'],
    ['a missing grant', { code: '42501' }, 'permission denied', 'unavailable', 'sql-no-permission'],
    ['a deadlock', { code: '40P01' }, 'deadlock detected', 'retryable', 'sql-busy'],
    ['a serialization failure', { code: '40001' }, 'could not serialize', 'retryable', 'sql-busy'],
    ['a deadlock', { code: 'ER_LOCK_DEADLOCK', sqlState: '40001' }, 'Deadlock found', 'retryable', 'sql-busy'],
    ['a lock that lasts', { code: 'ER_LOCK_WAIT_TIMEOUT', sqlState: 'HY000' }, 'timeout', 'retryable', 'sql-busy'],
    ['a deadlock', { code: 'EREQUEST', number: 1205 }, 'deadlocked', 'retryable', 'sql-busy'],
    ['a deadlock', {}, 'ORA-00060: deadlock detected', 'retryable', 'sql-busy'],
    ['a table that is gone', { code: '42P01' }, 'does not exist', 'retryable', 'sql-table-changed'],
    ['a value', { code: '22P02' }, `invalid input: "${VALUE}"`, 'permanent', 'sql-value-refused'],
    ['a value', { code: 'ER_TRUNCATED_WRONG_VALUE', sqlState: '22007' }, VALUE, 'permanent', 'sql-value-refused'],
    ['a row', { code: '54000' }, 'row is too big', 'permanent', 'sql-row-too-large'],
    [
      'a constraint that mysql2 has no name for',
      { errno: 4025, sqlState: '23000' },
      VALUE,
      'permanent',
      'sql-value-refused',
    ],
  ])('about %s (%j) says what the engine should do, and no value', (_about, fields, text, kind, code) => {
    const error = toFeedError(ofDriver(fields, text), PLACE);
    expect(error).toMatchObject({ kind, code });
    expect(inspect(error, { depth: 10 })).not.toContain(VALUE);
  });

  it('names the table and the column that it is about', () => {
    const refused = ofDriver({ code: '23502', column: 'amount' }, 'null value');
    expect(toFeedError(refused, PLACE)).toMatchObject({
      message: 'column amount of table incident of PostgreSQL db.example/soar refused a value (23502).',
      details: { table: 'incident', column: 'amount' },
    });
    const data = ofDriver({ code: 'ER_DATA_TOO_LONG', sqlState: '22001' }, "Data too long for column 'name' at row 1");
    expect(toFeedError(data, PLACE)).toMatchObject({ details: { column: 'name' } });
  });

  it('that is none stays what it is', () => {
    const bug = new TypeError('x is not a function');
    expect(toFeedError(bug, PLACE)).toBe(bug);
  });
});
