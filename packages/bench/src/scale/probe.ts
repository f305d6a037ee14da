/**
 * Loaded before the command in the same process: tells of its memory and processor time when asked to. Needs `--expose-gc`, to
 * tell what is alive from what is garbage.
 */
export interface ProcessFigures {
  /** Resident in memory now. */
  readonly rssMiB: number;
  /** The most that was ever resident. */
  readonly peakMiB: number;
  /** In use on the heap and beside it, after a collection. */
  readonly liveMiB: number;
  /** Since the process began, without the collection that was made for `liveMiB`. */
  readonly cpuSeconds: number;
}

const MIB = 1024 * 1024;

process.on('message', () => process.send?.(figuresNow()));
// A channel that is listened to must not keep the command alive.
process.channel?.unref();

function figuresNow(): ProcessFigures {
  const { rss } = process.memoryUsage();
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return {
    rssMiB: rss / MIB,
    peakMiB: maxRSS / 1024,
    liveMiB: (heapUsed + external) / MIB,
    cpuSeconds: (userCPUTime + systemCPUTime) / 1e6,
  };
}
