/** How to reach one organization, and as whom. Give an API key, or an e-mail address with its password. */
export interface SoarConnection {
  readonly host: string;
  /** Default 443. */
  readonly port?: number;
  /** Name, uuid, cloud_account or id; optional if the account sees exactly one organization. */
  readonly org?: string;
  readonly apiKeyId?: string;
  readonly apiKeySecret?: string;
  readonly email?: string;
  readonly password?: string;
  /**
   * PEM file of the authorities to trust (`~` is the home folder); `false` verifies nothing. Default: Node's own list.
   */
  readonly cafile?: string | false;
  readonly clientCert?: { readonly certFile: string; readonly keyFile: string };
  /** Default: `HTTPS_PROXY` and `NO_PROXY` of the environment. STOMP does not use the proxy. */
  readonly proxy?: ProxyConnection;
  /** Cloud Pak for Security puts the API below a path such as `/api/respond`. */
  readonly resourcePrefix?: string;
  /** Longest silence on the connection during a request, ms. Default 30,000. */
  readonly timeoutMs?: number;
  /** Most parallel requests; more wait for a free socket. Default 32. */
  readonly maxSockets?: number;
  /** For the answers and failures that are safe to repeat. Default: 2 repeats, after 500 ms, then twice as long. */
  readonly retries?: { readonly max: number; readonly delayMs: number; readonly backoff: number };
  /** A `Retry-After` above this counts as this, ms. Default 300,000. */
  readonly maxRetryAfterMs?: number;
  /** An answer, unpacked, of more bytes than this fails its call. Default 256 MB. */
  readonly maxAnswerBytes?: number;
  readonly stomp?: StompConnection;
  readonly userAgent?: string;
}

export interface ProxyConnection {
  /** A host name, or a URL such as `http://proxy.example.com`. */
  readonly host: string;
  readonly port: number;
  readonly user?: string;
  readonly password?: string;
}

export interface StompConnection {
  /** Default: the REST host. */
  readonly host?: string;
  /** Default 65001. */
  readonly port?: number;
  /** Default: the connection's `cafile`. */
  readonly cafile?: string | false;
  /** Prefetch: how many unacknowledged messages the broker hands over. Default 20. */
  readonly prefetch?: number;
  /** From the first packet to the login's answer, ms. Default 30,000. */
  readonly connectTimeoutMs?: number;
  /** Interval of the heart-beats that the broker must send, ms; twice this silence ends the session. Default 15,000. */
  readonly heartbeatMs?: number;
  /** Only the beginning of a larger body is handed over. Default 32 MB. */
  readonly maxMessageBytes?: number;
}
