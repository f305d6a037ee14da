import type { Answer } from './HttpLine.js';
import type { SoarRequest } from './SoarRequest.js';

/**
 * Stands between the client and its server, after the login. `send` sends the request, or another one instead, and gives
 * the server's answer. An interceptor may also answer by itself; the server then hears nothing. Requests hold no
 * credentials. Called once per attempt.
 */
export type Interceptor = (request: SoarRequest, send: (instead?: SoarRequest) => Promise<Answer>) => Promise<Answer>;
