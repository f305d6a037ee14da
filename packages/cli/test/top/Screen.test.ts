import { EventEmitter } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { Screen } from '../../src/top/Screen.js';

class Out extends EventEmitter {
  text = '';
  columns = 80;
  rows = 24;
  write(text: string): void {
    this.text += text;
  }
}

class Keys extends EventEmitter {
  isTTY = true;
  raw: boolean | undefined;
  paused = false;
  setRawMode(raw: boolean): void {
    this.raw = raw;
  }
  resume(): void {
    this.paused = false;
  }
  pause(): void {
    this.paused = true;
  }
}

function opened() {
  const out = new Out();
  const keys = new Keys();
  const heard: string[] = [];
  const screen = new Screen(out, keys, { quit: () => heard.push('quit'), resize: () => heard.push('resize') });
  screen.open();
  return { out, keys, heard, screen };
}

describe('a screen of its own', () => {
  it('gives the terminal back as it was, once', () => {
    const { out, keys, screen } = opened();
    expect(out.text).toMatch(/^\x1b\[\?1049h\x1b\[\?25l/);
    expect(keys.raw).toBe(true);
    out.text = '';
    screen.close();
    screen.close();
    expect(out.text).toBe('\x1b[?25h\x1b[?1049l');
    expect([keys.raw, keys.paused]).toEqual([false, true]);
    expect([keys.listenerCount('data'), out.listenerCount('resize')]).toEqual([0, 0]);
    screen.draw(['late']);
    expect(out.text).not.toContain('late');
  });

  it('writes only the lines that changed, and all of them after a resize', () => {
    const { out, heard, screen } = opened();
    screen.draw(['one', 'two', 'three']);
    out.text = '';
    screen.draw(['one', 'TWO']);
    expect(out.text).toBe('\x1b[2;1HTWO\x1b[K\x1b[3;1H\x1b[J');
    out.columns = 40;
    out.emit('resize');
    expect([heard, screen.size.columns]).toEqual([['resize'], 40]);
    out.text = '';
    screen.draw(['one', 'TWO']);
    expect(out.text).toContain('\x1b[1;1Hone');
  });

  it.each(['q', 'Q', '\x03', '\x04', 'xq'])('ends at the key %j', (key) => {
    const { keys, heard } = opened();
    keys.emit('data', Buffer.from('x'));
    expect(heard).toEqual([]);
    keys.emit('data', Buffer.from(key));
    expect(heard).toEqual(['quit']);
  });
});
