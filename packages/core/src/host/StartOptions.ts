export interface StartOptions {
  /** Read the queue; default: as the config says. */
  readonly queue?: boolean;
  /** Load in the background; default: as `[feeds] reload` and `reload_every` say. `false`: only reloads that are asked for. */
  readonly reload?: boolean;
  /** Bring parked rows back. Default true. */
  readonly replay?: boolean;
  /** Wait for a source that does not answer yet. Default true. */
  readonly patient?: boolean;
  /**
   * Wait, instead of throwing `store-held`, while another host has the state database or a mapping. Hears who has it, each
   * time that changes, and `undefined` when this host takes over.
   */
  readonly standby?: (holder: string | undefined) => void;
}
