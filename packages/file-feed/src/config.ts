import { field, z } from '@soar-feed/core';

/** The keys of a file feed's section. */
const keys = z.object({
  directory: field.path({ doc: 'Folder for the files; it must exist.' }).default('.'),
  format: field
    .choice(['json', 'ndjson'], { doc: 'json: one file per object, as IBM writes them; ndjson: one line per change.' })
    .default('json'),
  layout: field
    .choice(['flat', 'incident'], { doc: 'flat: all files in one folder; incident: each incident in its own (json).' })
    .default('flat'),
  on_delete: field
    .choice(['remove', 'mark'], {
      doc: 'remove: the file is deleted; mark: it stays, with "soar_feed_deleted": true (json).',
    })
    .default('remove'),
  content: field
    .choice(['none', 'base64', 'files'], {
      doc: 'base64: "content" holds the bytes of attachments and file artifacts; files: a file beside (json). Both need include_attachment_data.',
    })
    .default('none'),
  file_mode: field
    .choice(['0600', '0640', '0644', '0660', '0664'], {
      doc: 'Who may read the files: 0600 only the user of the host, 0640 also the group, 0644 everybody.',
    })
    .default('0600'),
  max_content: field.bytes({ doc: 'Larger contents are refused; such an object is parked.' }).default(25 * 1024 * 1024),
  fsync: field
    .choice(['always', 'batch', 'never'], {
      doc: 'When lines are flushed to disk: after each, after each batch, or when the system likes (ndjson).',
    })
    .default('batch'),
  rotate_size: field
    .bytes({ min: 1_024, doc: 'A file that would grow larger is closed, and another begun (ndjson).' })
    .default(100 * 1024 * 1024),
  rotate_every: field
    .choice(['never', 'hour', 'day'], { doc: 'When another file is begun, by UTC (ndjson).' })
    .default('day'),
  compress: field.choice(['none', 'gzip'], { doc: 'How closed files are compressed (ndjson).' }).default('none'),
  partition: field
    .choice(['none', 'day'], { doc: 'day: closed files go to folders such as date=2026-11-29, by UTC (ndjson).' })
    .default('none'),
});

export type FileFeedSection = z.output<typeof keys>;

/** Also where a key is faulty, so that one report holds everything. */
export const fileFeedConfig = keys
  .refine((value) => value.format !== 'ndjson' || value.layout !== 'incident', {
    path: ['layout'],
    error: 'must be flat with format=ndjson, which has no file per object',
    when: () => true,
  })
  .refine((value) => value.format !== 'ndjson' || value.content !== 'files', {
    path: ['content'],
    error: 'must be none or base64 with format=ndjson, which has no file per object',
    when: () => true,
  })
  .refine((value) => value.partition !== 'day' || value.rotate_every !== 'never', {
    path: ['rotate_every'],
    error: 'must be hour or day with partition=day: a file belongs to one day',
    when: () => true,
  });
