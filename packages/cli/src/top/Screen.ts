import type { TextStream } from '../output/Terminal.js';

/** The part of standard input that is needed here. */
export interface KeyStream {
  readonly isTTY?: boolean;
  setRawMode?(raw: boolean): unknown;
  on(name: 'data', listener: (chunk: Buffer | string) => void): unknown;
  off(name: 'data', listener: (chunk: Buffer | string) => void): unknown;
  resume(): unknown;
  pause(): unknown;
}

/** The part of a terminal that a screen draws on. */
export interface ScreenStream extends TextStream {
  readonly rows?: number;
  on(name: 'resize', listener: () => void): unknown;
  off(name: 'resize', listener: () => void): unknown;
}

const ENTER = '\x1b[?1049h\x1b[?25l\x1b[H\x1b[2J';
const LEAVE = '\x1b[?25h\x1b[?1049l';
/** q, Q, Ctrl-C, Ctrl-D. */
const QUIT = ['q', 'Q', '\x03', '\x04'];

/**
 * The whole terminal, for one command: a screen of its own, so that what stood there comes back when it is closed; keys without
 * Enter. Closing twice does nothing.
 */
export class Screen {
  private isOpen = false;
  private drawn: readonly string[] = [];

  constructor(
    private readonly out: ScreenStream,
    private readonly keys: KeyStream,
    private readonly on: { readonly quit: () => void; readonly resize: () => void },
  ) {}

  get size(): { readonly columns: number; readonly rows: number } {
    return { columns: this.out.columns ?? 80, rows: this.out.rows ?? 24 };
  }

  open(): void {
    this.isOpen = true;
    this.out.write(ENTER);
    this.out.on('resize', this.resized);
    if (this.keys.isTTY !== true) return;
    this.keys.setRawMode?.(true);
    this.keys.on('data', this.pressed);
    this.keys.resume();
  }

  /** Replaces what is shown; only lines that changed are written, so that nothing flickers. */
  draw(lines: readonly string[]): void {
    if (!this.isOpen) return;
    const changes = lines.map((line, at) => (this.drawn[at] === line ? '' : `\x1b[${at + 1};1H${line}\x1b[K`));
    const rest = lines.length < this.drawn.length ? `\x1b[${lines.length + 1};1H\x1b[J` : '';
    const text = changes.join('') + rest;
    if (text !== '') this.out.write(text);
    this.drawn = lines;
  }

  close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.out.off('resize', this.resized);
    if (this.keys.isTTY === true) {
      this.keys.off('data', this.pressed);
      this.keys.setRawMode?.(false);
      this.keys.pause();
    }
    this.out.write(LEAVE);
  }

  private readonly resized = (): void => {
    this.drawn = [];
    this.out.write('\x1b[H\x1b[2J');
    this.on.resize();
  };

  private readonly pressed = (chunk: Buffer | string): void => {
    if ([...String(chunk)].some((key) => QUIT.includes(key))) this.on.quit();
  };
}
