/** How long the tracked fields of one incident have had their values (`POST /timers`). */
export interface TimerDto {
  readonly referenceObject: { readonly object_id: number };
  readonly timer_fields?: readonly {
    readonly field_name: string;
    readonly field_values?: readonly {
      readonly field_value?: unknown;
      readonly duration_in_seconds: number;
      readonly running?: boolean;
    }[];
  }[];
}
