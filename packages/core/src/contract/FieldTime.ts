/** How long a field of an incident had one value, as the platform counts it (`POST /timers`). */
export interface FieldTime {
  /** API name of the field. */
  readonly field: string;
  /** The value's label. */
  readonly value: string;
  readonly seconds: number;
  /** Whether the field has this value now, so that the seconds go on. */
  readonly running: boolean;
}
