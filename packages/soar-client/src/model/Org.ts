/** The organization a client speaks for. */
export interface Org {
  readonly id: number;
  readonly name: string;
  readonly uuid?: string;
  readonly cloudAccount?: string;
  readonly attachmentsEnabled: boolean;
  readonly incidentDeletionAllowed: boolean;
  /** Closing is refused while required tasks are open. */
  readonly finalPhaseRequired: boolean;
  /** `false`: there are no queues to read. */
  readonly actionsFrameworkEnabled: boolean;
}

/** Whom the server takes us for; `id` stands in `creator_principal` of what we create. */
export interface Principal {
  readonly id: number;
  readonly type: 'user' | 'apikey';
  readonly name: string;
}
