/** Just enough of Kafka's wire format to relay its requests and to change a few of them. */
export class WireReader {
  at = 0;

  constructor(readonly bytes: Buffer) {}

  int16(): number {
    this.at += 2;
    return this.bytes.readInt16BE(this.at - 2);
  }

  int32(): number {
    this.at += 4;
    return this.bytes.readInt32BE(this.at - 4);
  }

  byte(): number {
    this.at += 1;
    return this.bytes.readUInt8(this.at - 1);
  }

  uvarint(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  }

  /** `null` for a text that is not there. */
  text(isCompact: boolean): string | null {
    const length = isCompact ? this.uvarint() - 1 : this.int16();
    if (length < 0) return null;
    this.at += length;
    return this.bytes.toString('utf8', this.at - length, this.at);
  }

  list<T>(isCompact: boolean, item: () => T): T[] {
    const length = isCompact ? this.uvarint() - 1 : this.int32();
    return Array.from({ length: Math.max(0, length) }, item);
  }

  /** Tagged fields: none of those that matter here has any. */
  tags(): void {
    if (this.uvarint() !== 0) throw new Error('A frame has tagged fields, which this relay does not read.');
  }

  rest(): Buffer {
    return this.bytes.subarray(this.at);
  }
}

export class WireWriter {
  private readonly parts: Buffer[] = [];

  int16(value: number): this {
    const bytes = Buffer.alloc(2);
    bytes.writeInt16BE(value);
    return this.raw(bytes);
  }

  int32(value: number): this {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32BE(value);
    return this.raw(bytes);
  }

  byte(value: number): this {
    return this.raw(Buffer.from([value]));
  }

  uvarint(value: number): this {
    let left = value;
    for (; left > 0x7f; left >>>= 7) this.byte((left & 0x7f) | 0x80);
    return this.byte(left);
  }

  text(value: string | null, isCompact: boolean): this {
    const bytes = Buffer.from(value ?? '');
    const length = value === null ? -1 : bytes.length;
    return (isCompact ? this.uvarint(length + 1) : this.int16(length)).raw(bytes);
  }

  list<T>(items: readonly T[], isCompact: boolean, item: (value: T) => void): this {
    if (isCompact) this.uvarint(items.length + 1);
    else this.int32(items.length);
    items.forEach(item);
    return this;
  }

  raw(bytes: Buffer): this {
    this.parts.push(bytes);
    return this;
  }

  bytes(): Buffer {
    return Buffer.concat(this.parts);
  }
}

/** Cuts a stream into frames, each without its length. */
export class Frames {
  private left: Buffer = Buffer.alloc(0);

  push(chunk: Buffer): readonly Buffer[] {
    this.left = Buffer.concat([this.left, chunk]);
    const frames: Buffer[] = [];
    while (this.left.length >= 4) {
      const end = 4 + this.left.readInt32BE(0);
      if (this.left.length < end) break;
      frames.push(this.left.subarray(4, end));
      this.left = this.left.subarray(end);
    }
    return frames;
  }
}

export function framed(frame: Buffer): Buffer {
  return Buffer.concat([new WireWriter().int32(frame.length).bytes(), frame]);
}
