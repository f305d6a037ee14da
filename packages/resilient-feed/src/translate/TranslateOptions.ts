import type { ExcludedFields } from '../fields/ExcludedFields.js';

export interface TranslateOptions {
  /** REST host of the source, for `df_host`. */
  readonly sourceHost: string;
  /** `exclude_incident_fields`. */
  readonly exclude: ExcludedFields;
  /** `sync_reference_fields`. */
  readonly syncReferenceFields: boolean;
  /** `keep_author`: who wrote a note, and when, stands in its text. */
  readonly keepAuthor: boolean;
}
