import type { WorldResult } from './run/runWorld.js';

/** A world that broke a promise, in a few lines. */
export function tell({ story, findings, trace }: WorldResult): string {
  const first = findings.slice(0, 5).map(({ check, text }) => `    ${check}: ${text}`);
  const more = findings.length > 5 ? [`    ... and ${findings.length - 5} more`] : [];
  return [`seed ${story.seed} (${story.kinds.join(', ')}; trace ${trace}) FAILED`, ...first, ...more].join('\n');
}

/** Its shrunk story, as a test to paste into `packages/worlds/test/stories`. */
export function asTest({ story, findings }: WorldResult): string {
  const title = JSON.stringify(`seed ${story.seed}: ${findings[0]?.text ?? 'holds'}`);
  const steps = story.steps.map((step) => `      ${JSON.stringify(step)},`);
  const { steps: _, ...rest } = story;
  return [
    `it(${title}, async () => {`,
    '  const story: Story = {',
    `    ...(${JSON.stringify(rest)} as const),`,
    '    steps: [',
    ...steps,
    '    ],',
    '  };',
    '  expect(await findingsOf(story)).toEqual([]);',
    '});',
  ].join('\n');
}

/** How often each rare state was met, and in how many worlds. */
export class Coverage {
  private readonly met = new Map<string, { times: number; worlds: number }>();

  add({ counts, story }: WorldResult): void {
    const named = { ...counts, ...Object.fromEntries(story.kinds.map((kind) => [`kind ${kind}`, 1])) };
    for (const [name, times] of Object.entries(named)) {
      const before = this.met.get(name) ?? { times: 0, worlds: 0 };
      this.met.set(name, { times: before.times + times, worlds: before.worlds + 1 });
    }
  }

  toString(): string {
    return [...this.met]
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([name, { times, worlds }]) => `  ${name.padEnd(36)} ${String(times).padStart(8)} times in ${worlds} worlds`)
      .join('\n');
  }
}
