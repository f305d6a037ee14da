import type { ExcludedFields } from '../fields/ExcludedFields.js';

export interface TranslateOptions {
  /** REST host of the source, the value of `df_host`. */
  readonly sourceHost: string;
  /** `exclude_incident_fields`. */
  readonly exclude: ExcludedFields;
  /** `sync_reference_fields`. */
  readonly syncReferenceFields: boolean;
  /** `keep_author`: the note's text says who wrote it, and when. */
  readonly keepAuthor: boolean;
}
