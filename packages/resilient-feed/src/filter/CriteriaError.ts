/** A clause of `matching_incident_fields` cannot be read. The message quotes it and says what is accepted. */
export class CriteriaError extends Error {
  readonly clause: string;

  constructor(
    clause: string,
    problem: string,
    /** Where in the whole text it cannot be read, counted from 0. */
    readonly at: number,
  ) {
    super(`clause "${clause}": ${problem}`);
    this.name = 'CriteriaError';
    this.clause = clause;
  }
}
