import { bareHost, placeOf } from '../connect/hostName.js';
import type { Admission } from './Admission.js';
import { ServerLimit } from './ServerLimit.js';
import type { ServerBounds, ServerFigures } from './ServerLimit.js';

/** One feed's membership in the limit of its server. */
export interface LimitedServer extends Admission {
  /** How many deliveries the feed may make at once now. */
  readonly width: number;
  readonly figures: ServerFigures;
  /** The feed no longer writes there; what was learned of the server stays. */
  leave(): void;
}

/** The limits of all servers that the feeds of one host write to: feeds of one server share its limit. */
export class ServerLimits {
  private readonly byServer = new Map<string, ServerLimit>();

  join({ host, port = 443 }: { readonly host: string; readonly port?: number }, bounds: ServerBounds): LimitedServer {
    const server = placeOf(bareHost(host).toLowerCase(), port);
    const limit = this.byServer.get(server) ?? new ServerLimit(server);
    this.byServer.set(server, limit);
    // Two feeds may have equal bounds.
    const own = { ...bounds };
    limit.join(own);
    const { enter } = limit.admission(own);
    return {
      enter,
      get width() {
        return limit.width(own);
      },
      get figures() {
        return limit.figures;
      },
      leave: () => limit.leave(own),
    };
  }
}
