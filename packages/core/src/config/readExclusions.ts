import { readFile } from 'node:fs/promises';
import { ConfigError } from '../contract/errors.js';
import { matchesWildcard } from './matchesWildcard.js';

/**
 * Reads a file of incident fields to leave out, IBM's `exclude_incident_fields_file`: a name or a pattern with `*` and
 * `?` on each line, in any case; blank lines say nothing (rc-data-feed ODBC plugin 1.1). Gives whether an incident's field
 * is excluded. Throws `ConfigError` when the file cannot be read: IBM's feed excludes nothing then.
 */
export async function readExclusions(path: string, section: string): Promise<(field: string) => boolean> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const problem = `${path} cannot be read (${(error as NodeJS.ErrnoException).code}); write one incident field on each line, or remove the key`;
    throw new ConfigError([{ section, key: 'exclude_incident_fields_file', problem }]);
  }
  const patterns = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line) => line.trim().toLowerCase())
    .filter((line) => line !== '');
  return (field) => patterns.some((pattern) => matchesWildcard(pattern, field.toLowerCase()));
}
