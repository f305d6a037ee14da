/** What this server accepts, learned from its answers. Starts with what is most likely. */
export class OrgBehaviour {
  /** IBM's clients use both (unconfirmed which is canonical). */
  customFieldAs: 'bare' | 'prefixed' = 'bare';
  /** A patch with a custom field succeeded, so a later 400 has another reason. */
  customFieldsProven = false;
  incidentPatch = true;
  /** IBM's task utilities use it (unconfirmed for every version). */
  taskPatch = true;

  constructor(
    /** Largest attachment, bytes. */
    readonly maxAttachmentBytes: number,
    /** Largest file artifact, bytes. */
    readonly maxArtifactBytes: number,
  ) {}
}
