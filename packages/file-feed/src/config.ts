import { field, z } from '@soar-feed/core';

/** The keys of a file feed's section. */
export const fileFeedConfig = z.object({
  directory: field.path({ doc: 'Folder for the files; it must exist.' }).default('.'),
  on_delete: field
    .choice(['remove', 'mark'], { doc: 'remove: the file is deleted; mark: it stays, with "soar_feed_deleted": true.' })
    .default('remove'),
  content: field
    .choice(['none', 'base64'], {
      doc: 'base64: "content" holds the bytes of attachments and file artifacts (needs include_attachment_data).',
    })
    .default('none'),
  file_mode: field
    .choice(['0600', '0640', '0644', '0660', '0664'], {
      doc: 'Who may read the files: 0600 only the user of the host, 0640 also the group, 0644 everybody.',
    })
    .default('0600'),
  max_content: field.bytes({ doc: 'Larger contents are refused; such an object is parked.' }).default(25 * 1024 * 1024),
});

export type FileFeedSection = z.output<typeof fileFeedConfig>;
