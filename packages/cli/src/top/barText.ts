/** `[######----]  60 %`; `done` from 0 to 1. */
export function barText(done: number, width: number): string {
  const filled = Math.round(done * width);
  return `[${'#'.repeat(filled)}${'-'.repeat(width - filled)}] ${String(Math.floor(done * 100)).padStart(3)} %`;
}
