import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { tempFolder } from '@soar-feed/feed-testkit';
import { readExclusions } from '../../src/config/readExclusions.js';

describe('exclude_incident_fields_file', () => {
  it('excludes names and patterns, one a line, in any case', async () => {
    const folder = await tempFolder();
    const file = folder.file('excluded.txt');
    await writeFile(file, '\uFEFFGDPR*\r\n\r\n  name \n#odd\nproperties_?x\n');
    const excluded = await readExclusions(file, 'my_feed');
    expect(['gdpr_consent', 'Name', '#odd', 'properties_ax'].map(excluded)).toEqual([true, true, true, true]);
    expect(['names', 'odd', 'properties_x', ''].map(excluded)).toEqual([false, false, false, false]);
    await folder.remove();
  });

  it('a file that is not there is a fault of the config, not an empty list', async () => {
    await expect(readExclusions('/nowhere/excluded.txt', 'my_feed')).rejects.toThrow(
      '[my_feed] exclude_incident_fields_file: /nowhere/excluded.txt cannot be read (ENOENT)',
    );
  });
});
