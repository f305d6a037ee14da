import { noObject } from '../org/PlatformError.js';
import type { StoredFile } from '../org/StoredFile.js';
import type { Call } from './Call.js';

/** Answers a file's bytes as a stream. */
export function sendFile(call: Call, file: StoredFile | null): unknown {
  if (!file) throw noObject(call.text('id'));
  return call.reply
    .type(file.contentType)
    .header('content-length', file.size)
    .header(
      'content-disposition',
      `attachment; filename*=UTF-8''${encodeURIComponent(file.name.replaceAll(/\p{Surrogate}/gu, '_'))}`,
    )
    .send(file.stream());
}
