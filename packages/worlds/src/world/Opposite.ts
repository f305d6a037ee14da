import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Dial } from '@soar-feed/soar-client';
import type { Machine } from '../virtual/Machine.js';
import { Host } from './Host.js';

export interface OppositePlace {
  readonly machine: Machine;
  readonly folder: string;
  readonly hostFile: string;
  readonly config: string;
  readonly dial: Dial;
  /** It ended by itself. */
  readonly onEnd: (host: Host) => void;
}

/**
 * A second host, on a machine of its own, that feeds the source from the target. Nobody works in the target, so that it has nothing
 * to do but to see that everything there came from the source.
 */
export class Opposite {
  host: Host | undefined;
  readonly hosts: Host[] = [];

  constructor(private readonly place: OppositePlace) {
    mkdirSync(place.folder, { recursive: true });
    writeFileSync(join(place.folder, 'app.config'), place.config);
  }

  start(): void {
    const { machine, folder, hostFile, dial, onEnd } = this.place;
    const life = machine.begin(`opposite host ${this.hosts.length + 1}`, 0);
    const host: Host = new Host(life, join(folder, 'app.config'), hostFile, dial, () => onEnd(host));
    this.host = host;
    this.hosts.push(host);
    host.start();
  }

  /** As a service manager does with what ended. */
  restart(pauseMs: number): void {
    const { machine } = this.place;
    const { host } = this;
    this.host = undefined;
    const end = machine.disk.begin();
    void (host?.kill() ?? Promise.resolve()).finally(() => {
      machine.time.after(pauseMs, undefined, () => this.start());
      end();
    });
  }

  stop(): void {
    this.host?.stop();
  }

  get isStopped(): boolean {
    return this.host === undefined || this.host.stopped || this.host.stopFailure !== undefined;
  }
}
