/** A clause of `matching_incident_fields` cannot be read. The message quotes it and says what is accepted. */
export class CriteriaError extends Error {
  readonly clause: string;

  constructor(clause: string, problem: string) {
    super(`clause "${clause}": ${problem}`);
    this.name = 'CriteriaError';
    this.clause = clause;
  }
}
