import { Duplex } from 'node:stream';
import type { Life } from '../virtual/lives.js';
import { runIn } from '../virtual/lives.js';
import { machine } from '../virtual/Machine.js';
import type { VirtualTimer } from '../virtual/VirtualTime.js';

/** Carries what one end of a connection does to the other, in order, some ms later. */
class Way {
  private lastMs = 0;

  constructor(
    private readonly to: Life | undefined,
    private readonly latencyMs: () => number,
  ) {}

  carry(act: () => void): void {
    const { time } = machine();
    this.lastMs = Math.max(this.lastMs, time.nowMs + this.latencyMs());
    time.after(this.lastMs - time.nowMs, this.to, act);
  }
}

/** One end of a connection in memory, with what HTTP and the product call on a socket. */
export class MemorySocket extends Duplex {
  readonly encrypted = true;
  readonly remoteAddress = 'memory';
  private peer: MemorySocket | undefined;
  private way: Way | undefined;
  /** The request whose answer it waits for. */
  private asked = '';
  private idle: VirtualTimer | undefined;
  private idleMs = 0;

  private constructor(private readonly life: Life | undefined) {
    super({ allowHalfOpen: false });
    if (life !== undefined) connections.set(life, (connections.get(life) ?? new Set()).add(this));
  }

  /** Both ends: that of the life, and that of the world. */
  static pair(life: Life, latencyMs: () => number): readonly [MemorySocket, MemorySocket] {
    const ours = new MemorySocket(life);
    const theirs = new MemorySocket(undefined);
    [ours.peer, theirs.peer] = [theirs, ours];
    [ours.way, theirs.way] = [new Way(undefined, latencyMs), new Way(life, latencyMs)];
    return [ours, theirs];
  }

  override _read(): void {
    // What arrives is pushed.
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    const { life } = this;
    if (life?.dead === true) return;
    if (life !== undefined) machine().onEffect(life, 'sent', 'before', firstWords(chunk));
    if ((life as { dead: boolean } | undefined)?.dead === true) return;
    if (life !== undefined) this.ask(life, firstWords(chunk));
    this.touch();
    this.way?.carry(() => this.peer?.arrive(chunk));
    if (life !== undefined) machine().onEffect(life, 'sent', 'after', firstWords(chunk));
    done();
  }

  override _final(done: () => void): void {
    this.way?.carry(() => this.peer?.seeEnd());
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.idle?.close();
    if (this.life !== undefined) connections.get(this.life)?.delete(this);
    this.hangUp();
    done(error);
  }

  /** The other end sees the connection close. */
  hangUp(): void {
    this.way?.carry(() => {
      this.peer?.seeEnd();
      machine().time.after(1, this.peer?.life, () => this.peer?.destroy());
    });
  }

  /** The other end gives it up: what was not received by then never will be. */
  giveUp(): void {
    this.peer?.destroy();
  }

  setTimeout(ms: number, then?: () => void): this {
    this.idleMs = ms;
    if (then !== undefined) {
      if (ms === 0) this.removeListener('timeout', then);
      else this.once('timeout', then);
    }
    this.touch();
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  destroySoon(): void {
    if (this.writable) this.end();
    if (this.writableFinished) this.destroy();
    else this.once('finish', () => this.destroy());
  }

  private arrive(chunk: Buffer): void {
    if (this.destroyed || this.readableEnded) return;
    const { life } = this;
    if (life !== undefined) machine().onEffect(life, 'received', 'before', firstWords(chunk));
    if (life?.dead === true) return;
    const seconds = waitIn(chunk);
    if (life !== undefined && seconds !== undefined) machine().onBusy(life, this.asked, seconds);
    this.touch();
    this.push(chunk);
  }

  private ask(life: Life, words: string): void {
    if (!words.endsWith(' HTTP/1.1')) return;
    this.asked = words;
    machine().onRequest(life, words);
  }

  private seeEnd(): void {
    if (!this.destroyed && !this.readableEnded && !this.ended) this.push(null);
    this.ended = true;
  }

  private ended = false;

  private touch(): void {
    this.idle?.close();
    if (this.idleMs <= 0 || this.destroyed) return;
    this.idle = machine().time.after(this.idleMs, this.life, () => this.emit('timeout'));
  }
}

const connections = new Map<Life, Set<MemorySocket>>();

/** How many connections a process has open. */
export const openConnections = (life: Life): number => connections.get(life)?.size ?? 0;

/** The system closes the connections of a process that is gone; what it had sent still arrives. */
export function cutConnections(life: Life): void {
  for (const socket of connections.get(life) ?? []) runIn(undefined, () => socket.hangUp());
  connections.delete(life);
}

/** Servers and broker close what has been silent for too long. */
export function giveUpConnections(life: Life): void {
  for (const socket of connections.get(life) ?? []) runIn(undefined, () => socket.giveUp());
}

/** What the head of an answer says in `Retry-After`, s. */
function waitIn(chunk: Buffer): number | undefined {
  if (chunk.toString('latin1', 0, 12) !== 'HTTP/1.1 429') return undefined;
  const seconds = /\r\nretry-after: (\d+)\r\n/i.exec(chunk.toString('latin1', 0, 2_000))?.[1];
  return seconds === undefined ? undefined : Number(seconds);
}

function firstWords(chunk: Buffer): string {
  return chunk.toString('latin1', 0, 300).split(/\r?\n/, 1)[0] ?? '';
}
