import { StompProtocolError, type Frame, type StompVersion } from './Frame.js';
import { unescapeHeader } from './headerEscapes.js';

/**
 * Cuts a byte stream into frames, whatever its chunks are. Bytes are joined only when a whole head or a whole frame has
 * arrived, so that a large body is copied once.
 */
export class FrameParser {
  /** Decides how headers are escaped; set once the version is agreed. */
  version: StompVersion = '1.2';
  private chunks: Buffer[] = [];
  private length = 0;
  private head: Head | undefined;

  constructor(private readonly maxFrameBytes = 100 * 1024 * 1024) {} // ActiveMQ's default

  /** @throws StompProtocolError if the bytes are not STOMP; the stream is unusable afterwards */
  push(chunk: Buffer): Frame[] {
    const frames: Frame[] = [];
    this.append(chunk);
    for (let frame = this.next(chunk); frame; frame = this.next()) frames.push(frame);
    if (this.length > this.maxFrameBytes) {
      throw new StompProtocolError(`The maximum frame size of ${this.maxFrameBytes} bytes was exceeded`);
    }
    return frames;
  }

  /** `added` is the newest chunk if nothing before it can end the frame. */
  private next(added?: Buffer): Frame | undefined {
    this.head ??= this.readHead();
    if (!this.head) return undefined;
    const { command, headers, bodyStart, contentLength } = this.head;
    let bodyEnd: number;
    if (contentLength !== undefined) {
      bodyEnd = bodyStart + contentLength;
      if (this.length <= bodyEnd) return undefined;
    } else {
      if (added && !added.includes(0)) return undefined;
      bodyEnd = this.joined().indexOf(0, bodyStart);
      if (bodyEnd < 0) return undefined;
    }
    const bytes = this.joined();
    if (bytes[bodyEnd] !== 0)
      throw new StompProtocolError(`The ${command} frame does not end after content-length bytes`);
    this.keep(bytes.subarray(bodyEnd + 1));
    return { command, headers, body: bytes.subarray(bodyStart, bodyEnd) };
  }

  private readHead(): Head | undefined {
    this.skipLineEnds();
    if (this.length === 0) return undefined;
    const bytes = this.joined();
    const end = endOfHead(bytes);
    if (!end) return undefined;
    const [command = '', ...lines] = bytes
      .toString('utf8', 0, end.headEnd)
      .split('\n')
      .map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
    const headers = this.readHeaders(command, lines);
    return { command, headers, bodyStart: end.bodyStart, contentLength: readLength(headers['content-length']) };
  }

  /** Line ends between frames are heart-beats. */
  private skipLineEnds(): void {
    const first = this.chunks[0];
    if (first && first[0] !== lf && first[0] !== cr) return;
    const bytes = this.joined();
    let start = 0;
    while (bytes[start] === lf || bytes[start] === cr) start += 1;
    this.keep(bytes.subarray(start));
  }

  private readHeaders(command: string, lines: readonly string[]): Record<string, string> {
    const version = command === 'CONNECT' || command === 'CONNECTED' ? '1.0' : this.version;
    const headers: Record<string, string> = Object.create(null) as Record<string, string>;
    for (const line of lines) {
      const colon = line.indexOf(':');
      if (colon < 1) throw new StompProtocolError(`Unable to parse header line [${line.slice(0, 100)}]`);
      const name = unescapeHeader(line.slice(0, colon), version);
      const value = unescapeHeader(line.slice(colon + 1), version);
      headers[name] ??= version === '1.0' ? value.trim() : value; // of repeated headers, the first one counts
    }
    return headers;
  }

  private append(chunk: Buffer): void {
    if (chunk.length === 0) return;
    this.chunks.push(chunk);
    this.length += chunk.length;
  }

  private joined(): Buffer {
    if (this.chunks.length > 1) this.chunks = [Buffer.concat(this.chunks)];
    return this.chunks[0] ?? Buffer.alloc(0);
  }

  private keep(rest: Buffer): void {
    this.chunks = rest.length > 0 ? [rest] : [];
    this.length = rest.length;
    this.head = undefined;
  }
}

interface Head {
  readonly command: string;
  readonly headers: Record<string, string>;
  readonly bodyStart: number;
  readonly contentLength: number | undefined;
}

/** The head ends at the first empty line; STOMP 1.2 allows CR LF line ends. */
function endOfHead(bytes: Buffer): { headEnd: number; bodyStart: number } | undefined {
  for (let at = bytes.indexOf(lf); at >= 0; at = bytes.indexOf(lf, at + 1)) {
    const lineEnd = bytes[at - 1] === cr ? at - 1 : at;
    if (bytes[at + 1] === lf) return { headEnd: lineEnd, bodyStart: at + 2 };
    if (bytes[at + 1] === cr && bytes[at + 2] === lf) return { headEnd: lineEnd, bodyStart: at + 3 };
  }
  return undefined;
}

function readLength(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\s*\d+\s*$/.test(text))
    throw new StompProtocolError(`Specified content-length [${text}] is not a valid integer`);
  return Number(text);
}

const lf = 0x0a;
const cr = 0x0d;
