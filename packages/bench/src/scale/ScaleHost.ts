import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommandRun } from '../CommandRun.js';
import { login, replica } from '../makeHost.js';
import type { SimulatorFacts } from '../simulatorProcess.js';
import type { ProcessFigures } from './probe.js';

const PROBE = new URL('./probe.js', import.meta.url).href;

/** A folder with the config and the databases of one host, which outlive the host. */
export class ScaleFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'soar-feed-scale-'));
  readonly config = join(this.path, 'app.config');
  readonly stateFile = join(this.path, 'soar-feed.db');
  readonly mappingFile = join(this.path, 'sync.sqlite3');

  constructor(facts: SimulatorFacts) {
    const sections = [
      `[resilient]\n${login(facts, 201)}stomp_port=${facts.stompPort}\n`,
      '[feeds]\nfeed_names=replica\n',
      `[replica]\n${replica(facts)}`,
    ];
    writeFileSync(this.config, sections.join('\n'));
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

export interface ReloadTaken {
  readonly objects: number;
  readonly perSecond: number;
  /** Processor time of the host. */
  readonly cpuMsPerObject: number;
}

/** The real command `run`, which tells of its memory and processor time. */
export class ScaleHost extends CommandRun {
  /** From the start of the process until it says that it is ready. */
  startSeconds = 0;

  private constructor(private readonly folder: ScaleFolder) {
    super(['run', '-c', folder.config, '--log-format', 'json'], ['--expose-gc', '--import', PROBE]);
  }

  static async start(folder: ScaleFolder): Promise<ScaleHost> {
    const begunAt = performance.now();
    const host = new ScaleHost(folder);
    await host.logged(({ event }) => event === 'host.ready');
    host.startSeconds = (performance.now() - begunAt) / 1000;
    return host;
  }

  async figures(): Promise<ProcessFigures> {
    this.child.send('figures');
    const [figures] = (await once(this.child, 'message')) as [ProcessFigures];
    return figures;
  }

  /** Has the host load a range of incidents, both ends inclusive; resolves when everything has settled. */
  async reload([min, max]: readonly [number, number]): Promise<ReloadTaken> {
    let report = { objects: 0, durationMs: 0 };
    this.onLine(({ event, objects, durationMs }) => {
      if (event === 'reload.finished') report = { objects: Number(objects), durationMs: Number(durationMs) };
    });
    const before = await this.figures();
    const finished = this.logged(({ event }) => event === 'reload.finished');
    const command = new CommandRun(['reload', '-c', this.folder.config, '--min', String(min), '--max', String(max)]);
    await finished;
    const { cpuSeconds } = await this.figures();
    await command.ended;
    const { objects, durationMs } = report;
    const cpuMsPerObject = ((cpuSeconds - before.cpuSeconds) * 1000) / objects;
    return { objects, perSecond: objects / (durationMs / 1000), cpuMsPerObject };
  }

  async end(): Promise<void> {
    this.stop();
    await this.ended;
  }
}
