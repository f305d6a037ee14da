/** One line of the platform's Action Status: what was sent, and what the app replied. */
export interface Invocation {
  /** Also the message's `correlation-id`. */
  readonly correlationId: string;
  readonly kind: 'rule' | 'menu-rule' | 'function';
  readonly name: string;
  readonly destination: string;
  readonly incidentId: number | null;
  readonly status: 'pending' | 'completed' | 'error';
  /** Every reply text in order; the last one is what a person sees. */
  readonly messages: readonly { type: number; text: string; complete: boolean }[];
  /** Results of a function, as replied. */
  readonly results: unknown;
  /** Resolved with this invocation when a reply said `complete`. Never rejects. */
  readonly done: Promise<Invocation>;
}
