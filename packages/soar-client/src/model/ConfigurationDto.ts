import type { SoarObject } from './SoarObject.js';

/**
 * A configuration as it is exported and imported: everything goes by names and uuids, nothing by an organization's ids.
 * The keys are those of a 2026 export; what is not named here may be there as well.
 */
export interface ConfigurationDto extends SoarObject {
  readonly export_format_version: number;
  readonly fields?: readonly SoarObject[] | null;
  readonly actions?: readonly SoarObject[] | null;
  readonly functions?: readonly SoarObject[] | null;
  readonly message_destinations?: readonly SoarObject[] | null;
  readonly playbooks?: readonly SoarObject[] | null;
  readonly types?: readonly SoarObject[] | null;
}

/** ConfigurationImportDTO. */
export interface ImportDto extends SoarObject {
  readonly id: number;
  /** `PENDING` waits for a confirmation; `ACCEPTED` is done. */
  readonly status: string;
  readonly messages?: readonly { readonly type?: string; readonly text?: string }[] | null;
}
