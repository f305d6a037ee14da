import { get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { CommandRun } from './CommandRun.js';

/** What an open page asks for every second. */
const POLLED = ['/status', '/history', '/metrics'];

/** Everybody who may watch a host at once: a page's requests, `top`, `tap`, and one `verify` after the other. */
export class Watchers {
  private isOver = false;
  private requests = 0;
  private tapped = 0;
  private verified = 0;
  private readonly top: CommandRun;
  private readonly tap: CommandRun;
  private readonly loops: readonly Promise<void>[];
  private verify: CommandRun | undefined;

  constructor(
    private readonly config: string,
    private readonly port: number,
  ) {
    this.top = new CommandRun(['top', '--json', '-c', config]);
    this.tap = new CommandRun(['tap', '--json', '--fields', '-c', config]);
    this.tap.onLine(({ kind }) => {
      if (kind === 'event') this.tapped += 1;
    });
    this.loops = [this.poll(), this.verifyAgain()];
  }

  async stop(): Promise<{ readonly requests: number; readonly tapped: number; readonly verified: number }> {
    this.isOver = true;
    const { requests, tapped, verified } = this;
    for (const run of [this.top, this.tap, this.verify]) run?.stop();
    await Promise.all([this.top.ended, this.tap.ended, ...this.loops]);
    return { requests, tapped, verified };
  }

  private async poll(): Promise<void> {
    while (!this.isOver) {
      for (const path of POLLED) await this.ask(path);
      await sleep(1_000);
    }
  }

  private ask(path: string): Promise<void> {
    return new Promise((resolve) => {
      const asked = get({ host: '127.0.0.1', port: this.port, path }, (response) => {
        if (response.statusCode === 200) this.requests += 1;
        response.resume().on('end', resolve);
      });
      asked.on('error', () => resolve());
    });
  }

  private async verifyAgain(): Promise<void> {
    while (!this.isOver) {
      this.verify = new CommandRun(['verify', '--json', '--restart', '-c', this.config]);
      await this.verify.ended;
      if (!this.isOver) this.verified += 1;
    }
  }
}
