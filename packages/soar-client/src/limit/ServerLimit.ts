import { SoarApiError } from '../rest/SoarApiError.js';
import type { SoarRequest } from '../rest/SoarRequest.js';
import { surroundings } from '../surroundings.js';
import { after } from '../timers/after.js';
import { onAbort } from '../timers/onAbort.js';
import { AdaptiveLimit } from './AdaptiveLimit.js';
import type { Admission, Answered, Pass } from './Admission.js';
import { kindOf } from './kindOf.js';
import type { Begun } from './LimitWindow.js';
import { Line } from './Line.js';
import { TokenBucket } from './TokenBucket.js';
import { isYielding } from './yielding.js';

/** What one feed allows itself at a server. */
export interface ServerBounds {
  /** The limit of requests at once is found out; otherwise the feed's own number counts, and it is not limited here. */
  readonly adaptive: boolean;
  /** The limit is never above this. */
  readonly maxConcurrency: number;
  readonly maxRequestsPerSecond?: number | undefined;
}

/** How a server does. */
export interface ServerFigures {
  /** `host:port` */
  readonly server: string;
  /** Requests that may be under way at once now; absent where no feed has it found out. */
  readonly limit?: number;
  /** The limit is never above this. */
  readonly mostLimit?: number;
  readonly maxRequestsPerSecond?: number;
  /** Requests under way. */
  readonly inFlight: number;
  /** Requests that wait for the limit. */
  readonly waiting: number;
  /** How long the server takes for a request, ms, on average of the last ones; absent before the first. */
  readonly latencyMs?: number;
  /** How often the server refused because of its load (429, 503), or did not answer in time. */
  readonly refusals: number;
}

/** All wait together if a server asks for a pause of at most this, ms. A longer one is for each request's own caller. */
const MAX_PAUSE_MS = 10_000;

/** Each answer moves the average latency by this share. */
const WEIGHT = 0.05;

/** A feed may prepare this many seconds' worth of requests where their rate is limited: the last one waits as long. */
const PREPARED_S = 5;

/**
 * Up to so many deliveries may be under way even where the limit is lower, as long as the server takes all their requests within
 * so many ms: most of a delivery may be waiting for a disk, and the limit is to be used up meanwhile.
 */
const FEW = { deliveries: 16, withinMs: 1_000 } as const;

interface Waiting {
  readonly adaptive: boolean;
  readonly go: () => void;
}

/** The limit of one server, shared by all feeds that write to it. */
export class ServerLimit {
  private readonly members = new Set<ServerBounds>();
  private readonly line = new Line<Waiting>();
  private readonly adaptive = new AdaptiveLimit();
  private bucket: TokenBucket | undefined;
  private perSecond: number | undefined;
  private most: number | undefined;
  private limited = 0;
  private inFlight = 0;
  private latencyMs: number | undefined;
  private refusals = 0;
  private pausedUntilMs = -Infinity;
  private cancelTimer: (() => void) | undefined;

  constructor(private readonly server: string) {}

  /** A feed begins to write there. Of the bounds of several feeds, the lowest count. */
  join(bounds: ServerBounds): void {
    this.members.add(bounds);
    this.bind();
  }

  leave(bounds: ServerBounds): void {
    this.members.delete(bounds);
    this.bind();
  }

  /** What the requests of a feed pass. */
  admission({ adaptive }: ServerBounds): Admission {
    return { enter: (request) => this.enter(request, adaptive) };
  }

  /** How many deliveries of a feed may be under way: more than the limit, so that it is used up. */
  width({ adaptive, maxConcurrency }: ServerBounds): number {
    const byLimit = adaptive ? this.widthByLimit : Infinity;
    const byRate = this.perSecond === undefined ? Infinity : Math.ceil(this.perSecond * PREPARED_S);
    return Math.max(1, Math.min(maxConcurrency, byLimit, byRate));
  }

  private get widthByLimit(): number {
    const { limit } = this.adaptive;
    const soon = this.latencyMs === undefined ? 0 : Math.floor((limit * FEW.withinMs) / this.latencyMs);
    return Math.max(limit + Math.ceil(limit / 4), Math.min(FEW.deliveries, limit + soon));
  }

  get figures(): ServerFigures {
    const { server, inFlight, line, latencyMs, refusals, most, perSecond } = this;
    return {
      server,
      ...(most === undefined ? {} : { limit: this.adaptive.limit, mostLimit: most }),
      ...(perSecond === undefined ? {} : { maxRequestsPerSecond: perSecond }),
      ...{ inFlight, waiting: line.length, refusals },
      ...(latencyMs === undefined ? {} : { latencyMs }),
    };
  }

  private bind(): void {
    const members = [...this.members];
    const adaptive = members.filter((bounds) => bounds.adaptive);
    this.most = adaptive.length === 0 ? undefined : Math.min(...adaptive.map(({ maxConcurrency }) => maxConcurrency));
    if (this.most !== undefined) this.adaptive.bound(this.most);
    const rates = members.flatMap(({ maxRequestsPerSecond }) => maxRequestsPerSecond ?? []);
    const perSecond = rates.length === 0 ? undefined : Math.min(...rates);
    if (perSecond !== this.perSecond)
      this.bucket = perSecond === undefined ? undefined : new TokenBucket(perSecond, surroundings().steadyMs());
    this.perSecond = perSecond;
    this.goOn();
  }

  private enter(request: SoarRequest, adaptive: boolean): Promise<Pass> {
    const { signal } = request;
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(signal.reason as Error);
      const waiting: Waiting = {
        adaptive,
        go: () => {
          letGo();
          resolve(this.begin(request, adaptive));
        },
      };
      const abort = (): void => {
        this.line.remove(waiting);
        reject(signal?.reason as Error);
      };
      const letGo = onAbort(signal, abort);
      this.line.add(waiting, isYielding(signal));
      this.goOn();
    });
  }

  /** Lets go whoever may. */
  private goOn(): void {
    while (this.line.length > 0) {
      const nowMs = surroundings().steadyMs();
      const waitMs = Math.max(this.pausedUntilMs - nowMs, this.bucket?.waitMs(nowMs) ?? 0);
      if (waitMs > 0) return this.goOnIn(waitMs);
      const next = this.line.next(({ adaptive }) => !adaptive || this.limited < this.adaptive.limit);
      if (next === undefined) return;
      this.bucket?.take(nowMs);
      next.go();
    }
  }

  private goOnIn(ms: number): void {
    this.cancelTimer ??= after(ms, () => {
      this.cancelTimer = undefined;
      this.goOn();
    });
  }

  private begin(request: SoarRequest, adaptive: boolean): Pass {
    this.inFlight += 1;
    if (adaptive) this.limited += 1;
    const begun: Begun = { atMs: surroundings().steadyMs(), inFlight: this.limited };
    const end = (): void => {
      this.inFlight -= 1;
      if (adaptive) this.limited -= 1;
      this.goOn();
    };
    return {
      answered: (answer) => {
        this.learn(request, begun, answer, adaptive);
        end();
      },
      failed: (error) => {
        if (SoarApiError.is(error) && error.code === 'timeout') this.refused(begun, adaptive);
        end();
      },
    };
  }

  private learn(request: SoarRequest, begun: Begun, answer: Answered, adaptive: boolean): void {
    const { status, retryAfterMs, tookMs } = answer;
    if (status === 429 || status === 503) {
      this.refused(begun, adaptive);
      if (retryAfterMs !== undefined && retryAfterMs <= MAX_PAUSE_MS)
        this.pausedUntilMs = Math.max(this.pausedUntilMs, surroundings().steadyMs() + retryAfterMs);
      return;
    }
    // How long a file takes depends on its size.
    if (tookMs === undefined || request.upload !== undefined || answer.stream !== undefined) return;
    this.latencyMs = this.latencyMs === undefined ? tookMs : this.latencyMs + (tookMs - this.latencyMs) * WEIGHT;
    if (adaptive) this.adaptive.answered(kindOf(request), begun, tookMs, surroundings().steadyMs());
  }

  private refused(begun: Begun, adaptive: boolean): void {
    this.refusals += 1;
    if (adaptive) this.adaptive.refused(begun, surroundings().steadyMs());
  }
}
