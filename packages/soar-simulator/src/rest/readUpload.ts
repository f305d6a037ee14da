import { readJson } from '../json/readJson.js';
import type { Multipart, MultipartFile } from '@fastify/multipart';
import { asBag } from '../org/bag.js';
import type { Bag } from '../org/bag.js';
import { invalid, PlatformError } from '../org/PlatformError.js';
import { StoredFile } from '../org/StoredFile.js';
import type { Call } from './Call.js';
import { commitGate, heardBody } from './faultHooks.js';

export interface Upload {
  readonly file: StoredFile;
  /** The other parts; JSON parts and the part `artifact` are parsed. */
  readonly parts: Bag;
}

/** Reads a multipart request with a part `file`. Bytes above the limit are read to the end but not kept. */
export async function readUpload(call: Call, maxMb: number): Promise<Upload> {
  if (!call.request.isMultipart()) throw new PlatformError(415, 'HTTP 415 Unsupported Media Type');
  let file: StoredFile | undefined;
  const parts: Bag = {};
  for await (const part of call.request.parts()) {
    if (part.type === 'file' && part.fieldname === 'file') file = await store(part, call, maxMb);
    else if (part.type === 'file') parts[part.fieldname] = parsed((await part.toBuffer()).toString());
    else parts[part.fieldname] = fieldValue(part);
  }
  if (!file) throw invalid('The part "file" is missing.');
  heardBody(call.request, { body: parts, file: { name: file.name, size: file.size } });
  await commitGate(call.request);
  return { file, parts };
}

/** The JSON part `artifact` in the upload of a file artifact. */
export function artifactPart(parts: Bag): Bag {
  const part = parts['artifact'];
  return asBag(typeof part === 'string' ? parsed(part) : part);
}

async function store(part: MultipartFile, call: Call, maxMb: number): Promise<StoredFile> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of part.file as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= maxMb * 1024 * 1024) chunks.push(chunk);
    else chunks.length = 0;
  }
  if (size > maxMb * 1024 * 1024)
    throw new PlatformError(
      call.state.behaviour.tooLargeStatus,
      `The file "${part.filename}" exceeds the maximum size of ${maxMb} MB.`,
    );
  // Keeps only a type that can be sent as a header again when the content is fetched.
  const contentType = /^[\x20-\x7e]+$/.test(part.mimetype) ? part.mimetype : 'application/octet-stream';
  const name = call.state.behaviour.uploadNameEscapes === 'kept' ? part.filename : withoutEscapes(part.filename);
  return new StoredFile(name, contentType, chunks);
}

/** Undoes what the WHATWG form encoding escapes in a name, and nothing else. */
function withoutEscapes(name: string): string {
  return name.replaceAll('%22', '"').replaceAll('%0D', '\r').replaceAll('%0A', '\n');
}

function fieldValue(part: Multipart): unknown {
  return 'value' in part ? part.value : undefined;
}

function parsed(text: string): unknown {
  try {
    return readJson(text);
  } catch {
    throw invalid('A part of the request is not valid JSON.');
  }
}
