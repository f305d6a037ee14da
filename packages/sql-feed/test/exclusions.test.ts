import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { tempFolder } from '@soar-feed/feed-testkit';
import { sampleEvents, sampleTypes } from './help/ibmSample.js';
import { ibmTables } from './help/ibmTables.js';
import { context, delivery, makeFeed } from './help/makeFeed.js';

const source = { types: async () => sampleTypes, fetch: async () => undefined };

describe('exclude_incident_fields_file', () => {
  it('leaves fields of incidents out, columns and values, and nothing of other types', async () => {
    const folder = await tempFolder();
    const [list, file] = [folder.file('exclude.txt'), folder.file('objects.sqlite3')];
    await writeFile(list, 'DESCRIPTION\n\ngdpr*\nhipaa_*\nid\n');
    const feed = makeFeed({ file_name: file, exclude_incident_fields_file: list, ids: 'true' }, { source });
    await feed.open(context());
    await feed.deliverBatch(sampleEvents(), delivery());
    await feed.close();
    const { incident = [], milestone = [] } = await ibmTables(file);
    const columns = Object.keys(incident[0] ?? {});
    expect(columns.filter((name) => /^(description|gdpr|hipaa)/.test(name))).toEqual([]);
    expect(columns).toEqual(expect.arrayContaining(['id', 'inc_id', 'name', 'severity_code', 'severity_code__id']));
    expect(milestone.map(({ description }) => description)).toContain('note Ελλάδα ransom');
    await folder.remove();
  });

  it('stops the start where the file is missing: IBM’s feed excludes nothing then', async () => {
    const folder = await tempFolder();
    const texts = { file_name: folder.file('o.sqlite3'), exclude_incident_fields_file: folder.file('none.txt') };
    const feed = makeFeed(texts);
    await expect(feed.open(context())).rejects.toMatchObject({ kind: 'config' });
    await feed.close();
    await folder.remove();
  });
});
