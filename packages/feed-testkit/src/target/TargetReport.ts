/** What became of one scenario. */
export interface ScenarioReport {
  /** The promise it belongs to. */
  readonly room: string;
  readonly name: string;
  /** `not run`: the runner left it out, such as by a filter. */
  readonly result: 'held' | 'failed' | 'skipped' | 'not run';
  /** Why it was skipped. */
  readonly why?: string;
}

/** What a run of the kit says about a target. */
export interface TargetReport {
  readonly target: string;
  readonly scenarios: readonly ScenarioReport[];
}

/** Collects the results while the suite runs. */
export class ReportBook {
  private readonly lines = new Map<object, ScenarioReport>();

  constructor(private readonly target: string) {}

  note(scenario: object, line: ScenarioReport): void {
    this.lines.set(scenario, line);
  }

  get report(): TargetReport {
    return { target: this.target, scenarios: [...this.lines.values()] };
  }
}

/** The report for people: counts, then each reason for which scenarios were skipped. */
export function reportText({ target, scenarios }: TargetReport): string {
  const count = (result: ScenarioReport['result']): number =>
    scenarios.filter((scenario) => scenario.result === result).length;
  const rest = count('not run');
  const counts = [`${count('held')} scenarios held`, `${count('failed')} failed`, `${count('skipped')} skipped`];
  const lines = [`FeedTarget ${target}: ${[...counts, ...(rest > 0 ? [`${rest} not run`] : [])].join(', ')}`];
  const reasons = new Map<string, string[]>();
  for (const { result, why = '', room } of scenarios) {
    if (result === 'skipped') reasons.set(why, [...(reasons.get(why) ?? []), room]);
  }
  for (const [why, rooms] of reasons) {
    const named = [...new Set(rooms)].map((room) => {
      const times = rooms.filter((one) => one === room).length;
      return times === 1 ? room : `${room} (${times})`;
    });
    lines.push(`  skipped: ${named.join(', ')}: ${why}`);
  }
  return `${lines.join('\n')}\n`;
}
