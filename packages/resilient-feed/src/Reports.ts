import type { Logger } from '@soar-feed/core';
import type { StrayName } from './filter/strayNames.js';
import { LossReport } from './translate/LossReport.js';

/** What a feed says once, however often it opens. */
export class Reports {
  readonly losses = new LossReport();
  /** Names in the config that no field has. */
  readonly names = new Set<string>();
  private reportedLosses = 0;
  private reportedDifferences = '';
  private saidEmailsInVain = false;

  constructor(
    private readonly section: string,
    private readonly log: Logger,
  ) {}

  /** A filter on a field that does not exist may let nothing through. */
  strayNames(strays: readonly StrayName[]): void {
    for (const { key, name, problem } of strays) {
      const known = key === 'matching_incident_fields' ? name : `${key} ${name}`;
      if (this.names.has(known)) continue;
      this.names.add(known);
      this.log.warn(`[${this.section}] ${key}: ${problem}`, { event: 'filter.unknown-field' });
    }
  }

  emailsInVain(problem: string | undefined): void {
    if (problem === undefined || this.saidEmailsInVain) return;
    this.saidEmailsInVain = true;
    this.log.warn(`[${this.section}] emails: ${problem}`, { event: 'target.emails-in-vain' });
  }

  differences(differences: readonly string[]): void {
    const text = differences.join('\n');
    if (text === this.reportedDifferences) return;
    this.reportedDifferences = text;
    this.log.warn(`The target differs; what it lacks is left out, what it requires is filled in:\n${text}`, {
      event: 'target.differences',
      count: differences.length,
    });
  }

  lost(): void {
    if (this.losses.total === this.reportedLosses) return;
    this.reportedLosses = this.losses.total;
    this.log.warn(`Not carried over into the target so far:\n${this.losses.summary()}`, {
      event: 'target.losses',
      total: this.reportedLosses,
    });
  }
}
