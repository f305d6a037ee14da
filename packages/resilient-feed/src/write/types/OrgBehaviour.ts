/** What this server turned out to take; learned from its answers, the likeliest first. */
export class OrgBehaviour {
  /** Both are seen in IBM's clients (unconfirmed which is canonical). */
  customFieldAs: 'bare' | 'prefixed' = 'bare';
  /** A patch with a custom field went through: a later 400 has another reason. */
  customFieldsProven = false;
  incidentPatch = true;
  /** IBM's task utilities use it; unconfirmed for every version. */
  taskPatch = true;

  constructor(
    /** Largest attachment, bytes. */
    readonly maxAttachmentBytes: number,
    /** Largest file artifact, bytes. */
    readonly maxArtifactBytes: number,
  ) {}
}
