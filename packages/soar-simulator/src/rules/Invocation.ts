/** One line of the platform's Action Status: what was sent, and what the app replied. */
export interface Invocation {
  /** Also the message's `correlation-id`. */
  readonly correlationId: string;
  readonly kind: 'rule' | 'menu-rule' | 'function';
  readonly name: string;
  readonly destination: string;
  readonly incidentId: number | null;
  readonly status: 'pending' | 'completed' | 'error';
  /** The texts of all replies in order; people see the last one. */
  readonly messages: readonly { type: number; text: string; complete: boolean }[];
  /** Results of a function, as in the reply. */
  readonly results: unknown;
  /** Resolves with this invocation when a reply says `complete`. Never rejects. */
  readonly done: Promise<Invocation>;
}
