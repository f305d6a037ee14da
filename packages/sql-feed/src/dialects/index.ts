import type { Dialect } from './Dialect.js';
import { mssql } from './mssql.js';
import { mysql } from './mysql.js';
import { oracle } from './oracle.js';
import { postgres } from './postgres.js';
import { sqlite } from './sqlite.js';

export const dialects: Readonly<Record<Dialect['name'], Dialect>> = { sqlite, postgres, mysql, mssql, oracle };
