import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** The seeds that failed and have not held since: every run repeats them first. */
export class FailingSeeds {
  private readonly seeds: Set<number>;

  constructor(private readonly file: string) {
    this.seeds = new Set(existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as number[]) : []);
  }

  all(): readonly number[] {
    return [...this.seeds].sort((a, b) => a - b);
  }

  learn(seed: number, held: boolean): void {
    const before = this.seeds.size;
    if (held) this.seeds.delete(seed);
    else this.seeds.add(seed);
    if (this.seeds.size === before) return;
    mkdirSync(dirname(this.file), { recursive: true });
    writeFileSync(this.file, `${JSON.stringify(this.all())}\n`);
  }
}
