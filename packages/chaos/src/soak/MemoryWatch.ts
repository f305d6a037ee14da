import { setTimeout as sleep } from 'node:timers/promises';

export interface MemorySample {
  readonly atMs: number;
  readonly residentBytes: number;
  readonly heapBytes: number;
}

/**
 * Samples a host's memory from its metrics at intervals. A host that does not answer is asked again at the next sample.
 */
export class MemoryWatch {
  readonly samples: MemorySample[] = [];
  private readonly ending = new AbortController();
  private readonly ended: Promise<void>;

  constructor(
    private readonly port: number,
    everyMs: number,
  ) {
    this.ended = this.watch(everyMs);
  }

  async end(): Promise<readonly MemorySample[]> {
    this.ending.abort();
    await this.ended;
    return this.samples;
  }

  private async watch(everyMs: number): Promise<void> {
    const { signal } = this.ending;
    while (!signal.aborted) {
      const text = await this.read().catch(() => '');
      const [residentBytes, heapBytes] = [
        gaugeIn(text, 'process_resident_memory_bytes'),
        gaugeIn(text, 'nodejs_heap_size_used_bytes'),
      ];
      if (residentBytes !== undefined && heapBytes !== undefined)
        this.samples.push({ atMs: performance.now(), residentBytes, heapBytes });
      await sleep(everyMs, undefined, { signal }).catch(() => undefined);
    }
  }

  private async read(): Promise<string> {
    const answer = await fetch(`http://127.0.0.1:${this.port}/metrics`, { signal: AbortSignal.timeout(5_000) });
    return answer.text();
  }
}

function gaugeIn(text: string, name: string): number | undefined {
  const [, value] = new RegExp(`^${name} (\\S+)$`, 'm').exec(text) ?? [];
  return value === undefined ? undefined : Number(value);
}
