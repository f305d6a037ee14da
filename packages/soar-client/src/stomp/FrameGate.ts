/** The header of a MESSAGE of which only the beginning is passed on: the bytes of its whole body. */
export const CUT_FROM = 'soar-feed-cut-from';

/** How much of a body that is too large is kept: enough to recognize it. */
const KEPT_BYTES = 64 * 1024;

/** No broker has headers this long; the peer is not a STOMP server. */
const MAX_HEAD_BYTES = 1024 * 1024;

const LF = 0x0a;
const CR = 0x0d;

/**
 * Between the socket and stompjs, which would hold a frame of any size, several times. A complete frame is passed on. A
 * frame with a body that is too large is passed on with the beginning of its body and the header `soar-feed-cut-from`,
 * so that its message can be parked and acknowledged while the session continues.
 */
export class FrameGate {
  private head: Buffer[] = [];
  private headBytes = 0;
  /** Of the frame whose body is being read. */
  private headText = '';
  /** Bytes of body that a `content-length` still promises; `undefined`: the body ends at NUL. */
  private left: number | undefined;
  private body: Buffer[] = [];
  private kept = 0;
  private bodyBytes = 0;
  private state: 'between' | 'head' | 'body' | 'end' = 'between';

  /** `pass` gets whole frames and heart-beats. */
  constructor(
    private readonly maxBytes: number,
    private readonly pass: (bytes: Buffer) => void,
  ) {}

  /** Throws if the peer does not speak STOMP. */
  take(bytes: Buffer): void {
    let rest = bytes;
    while (rest.length > 0) rest = rest.subarray(this.step(rest));
  }

  /** How many bytes it used. */
  private step(bytes: Buffer): number {
    switch (this.state) {
      case 'between': {
        const first = bytes.findIndex((byte) => byte !== LF && byte !== CR && byte !== 0);
        const blanks = first === -1 ? bytes.length : first;
        if (blanks > 0) this.pass(bytes.subarray(0, blanks));
        if (first !== -1) this.state = 'head';
        return blanks;
      }
      case 'head':
        return this.takeHead(bytes);
      case 'body':
        return this.takeBody(bytes);
      case 'end':
        this.finish();
        return 1;
    }
  }

  private takeHead(bytes: Buffer): number {
    const known = Buffer.concat([...this.head, bytes]);
    const end = endOfHead(known, Math.max(0, this.headBytes - 3));
    if (end === -1) {
      if (known.length > MAX_HEAD_BYTES) throw new Error('what the broker sends is no STOMP');
      this.head.push(bytes);
      this.headBytes = known.length;
      return bytes.length;
    }
    const used = end - this.headBytes;
    this.headText = known.toString('latin1', 0, end);
    const length = /^content-length:\s*(\d+)\s*$/im.exec(this.headText)?.[1];
    this.left = length === undefined ? undefined : Number(length);
    this.head = [];
    this.headBytes = 0;
    this.state = this.left === 0 ? 'end' : 'body';
    return used;
  }

  private takeBody(bytes: Buffer): number {
    if (this.left !== undefined) {
      const part = bytes.subarray(0, this.left);
      this.keep(part);
      this.left -= part.length;
      if (this.left === 0) this.state = 'end';
      return part.length;
    }
    const end = bytes.indexOf(0);
    this.keep(end === -1 ? bytes : bytes.subarray(0, end));
    if (end === -1) return bytes.length;
    this.state = 'end';
    return end;
  }

  private keep(part: Buffer): void {
    this.bodyBytes += part.length;
    const room = (this.bodyBytes > this.maxBytes ? Math.min(KEPT_BYTES, this.maxBytes) : this.maxBytes) - this.kept;
    if (room > 0) {
      this.body.push(Buffer.from(part.subarray(0, room)));
      this.kept += Math.min(room, part.length);
    } else if (this.kept > KEPT_BYTES) {
      this.body = [Buffer.concat(this.body).subarray(0, KEPT_BYTES)];
      this.kept = KEPT_BYTES;
    }
  }

  private finish(): void {
    const isCut = this.bodyBytes > this.maxBytes;
    const body = isCut ? Buffer.concat(this.body).subarray(0, KEPT_BYTES) : Buffer.concat(this.body);
    const head = isCut ? cutHead(this.headText, body.length, this.bodyBytes) : this.headText;
    this.body = [];
    this.kept = 0;
    this.bodyBytes = 0;
    this.state = 'between';
    this.pass(Buffer.concat([Buffer.from(head, 'latin1'), body, Buffer.alloc(1)]));
  }
}

/** Behind the blank line; -1: it is not there yet. */
function endOfHead(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(LF, from); at !== -1; at = bytes.indexOf(LF, at + 1)) {
    if (bytes[at + 1] === LF) return at + 2;
    if (bytes[at + 1] === CR && bytes[at + 2] === LF) return at + 3;
  }
  return -1;
}

/** Of repeated headers the first counts (STOMP 1.2). */
function cutHead(head: string, length: number, from: number): string {
  const command = head.slice(0, head.indexOf('\n') + 1);
  return `${command}content-length:${length}\n${CUT_FROM}:${from}\n${head.slice(command.length)}`;
}
