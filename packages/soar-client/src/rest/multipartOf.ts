import { Readable } from 'node:stream';
import FormData from 'form-data';
import { endpointOf } from './endpointOf.js';
import type { FileInput } from './FileContent.js';
import { SoarApiError } from './SoarApiError.js';
import type { SoarRequest, Upload } from './SoarRequest.js';

export interface Multipart {
  readonly form: FormData;
  readonly contentType: string;
  /** What the file's source failed with, if it did. */
  failure(): SoarApiError | undefined;
  /** Closes the file's stream, however the request ended. */
  release(): void;
}

/** Opens the file and lays the form around its stream: never more than a few chunks are in memory. */
export async function multipartOf(request: SoarRequest, { file, fields }: Upload): Promise<Multipart> {
  let failure: SoarApiError | undefined;
  const fail = (cause: unknown): SoarApiError => (failure = sourceFailure(request, file.name, cause));
  let source: Readable;
  try {
    source = await file.open();
  } catch (error) {
    throw fail(error);
  }
  const checked = Readable.from(exactly(source, file.size, fail), { objectMode: false });
  const form = new FormData();
  for (const [name, { text, contentType }] of Object.entries(fields)) {
    form.append(name, text, contentType === undefined ? {} : { contentType });
  }
  form.append('file', checked, {
    header: filePartHeader(form.getBoundary(), file),
    ...(file.size === undefined ? {} : { knownLength: file.size }),
  });
  return {
    form,
    contentType: form.getHeaders()['content-type'] as string,
    failure: () => failure,
    release: () => {
      checked.destroy();
      source.on('error', () => undefined).destroy();
    },
  };
}

/** A length other than the announced one would leave the server waiting, or cut the file: fail before the form ends. */
async function* exactly(
  source: Readable,
  size: number | undefined,
  fail: (cause: unknown) => SoarApiError,
): AsyncGenerator<Buffer, void, undefined> {
  let count = 0;
  try {
    for await (const chunk of source as AsyncIterable<Buffer | string>) {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
      count += bytes.length;
      if (size !== undefined && count > size) break;
      yield bytes;
    }
  } catch (error) {
    throw fail(error);
  }
  if (size !== undefined && count !== size) {
    throw fail(new Error(`its stream gave ${count > size ? 'more' : `only ${count}`} of ${size} bytes`));
  }
}

function sourceFailure(request: SoarRequest, name: string, cause: unknown): SoarApiError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new SoarApiError(`${endpointOf(request)}: the file ${JSON.stringify(name)} could not be read: ${reason}`, {
    code: 'upload-source-failed',
    retryable: SoarApiError.is(cause) ? cause.retryable : true,
    cause,
  });
}

/**
 * Written by us, as form-data would cut a name at its last slash. As browsers do it (WHATWG multipart/form-data): raw
 * UTF-8, and the three characters that would break out of the quotes are escaped.
 */
function filePartHeader(boundary: string, { name, contentType = 'application/octet-stream' }: FileInput): string {
  const quoted = name.replaceAll('\r', '%0D').replaceAll('\n', '%0A').replaceAll('"', '%22');
  return [
    `--${boundary}`,
    `Content-Disposition: form-data; name="file"; filename="${quoted}"`,
    `Content-Type: ${contentType.replace(/[\r\n]+/g, ' ')}`,
    '',
    '',
  ].join('\r\n');
}
