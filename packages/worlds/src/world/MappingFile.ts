import { copyFileSync, existsSync, rmSync } from 'node:fs';
import type { OrgDump } from '@soar-feed/soar-simulator';
import { runIn } from '../machine/readRows.js';
import type { OldMapping } from '../oracles/OldMapping.js';

/** The mapping on the disk of a world, while no process has it open. */
export class MappingFile {
  /** Set once it was copied. */
  old: OldMapping | undefined;

  constructor(
    readonly path: string,
    private readonly dumpTarget: () => OrgDump,
  ) {}

  copy(): void {
    if (!existsSync(this.path)) return;
    copyFileSync(this.path, `${this.path}.copy`);
    this.old = { copied: this.dumpTarget() };
  }

  /** Somebody deletes what it knows of this source incident. */
  async loseRows(incidentId: number): Promise<void> {
    if (existsSync(this.path)) await runIn(this.path, `DELETE FROM data_feeder_sync WHERE org1_inc_id = ${incidentId}`);
  }

  /** Puts the copy back; without one, there is no mapping any more. */
  lose(): void {
    for (const ending of ['', '-wal', '-shm']) rmSync(`${this.path}${ending}`, { force: true });
    if (this.old === undefined) return;
    copyFileSync(`${this.path}.copy`, this.path);
    this.old = { ...this.old, putBack: this.dumpTarget() };
  }
}
