import type { FastifyReply, FastifyRequest } from 'fastify';
import { asBag } from '../org/bag.js';
import type { Bag } from '../org/bag.js';
import type { WriteContext } from '../org/Journal.js';
import type { Org } from '../org/Org.js';
import type { OrgState } from '../org/OrgState.js';
import { noObject, PlatformError } from '../org/PlatformError.js';
import type { Platform } from '../org/Platform.js';
import type { Format, HandleFormat } from '../org/values/showValue.js';
import { authenticate } from './authenticate.js';
import { answeredBy } from './serverDate.js';

/** One request below an org, with what every handler needs. */
export class Call {
  readonly state: OrgState;
  readonly write: WriteContext;

  constructor(
    readonly org: Org,
    readonly request: FastifyRequest,
    readonly reply: FastifyReply,
    loginName: string,
  ) {
    answeredBy(request, org);
    this.state = org.state;
    const actor = org.state.people.ofLogin(loginName);
    if (!actor) throw forbidden();
    const token = request.headers['x-co3contexttoken'];
    this.write = { actor, contextToken: typeof token === 'string' ? token : undefined };
  }

  /** Authenticates the caller for the org in the path. Throws 401, 403 or 404. */
  static of(platform: Platform, request: FastifyRequest, reply: FastifyReply): Call {
    const { login } = authenticate(platform, request);
    const id = Number(asBag(request.params)['org']);
    const org = login.orgs.find((each) => each.id === id);
    if (!org?.enabled) throw forbidden();
    return new Call(org, request, reply, login.name);
  }

  /** A numeric path parameter. */
  id(name = 'id'): number {
    const text = this.text(name);
    if (!/^\d+$/.test(text)) throw noObject(text);
    return Number(text);
  }

  text(name: string): string {
    return String(asBag(this.request.params)[name]);
  }

  get body(): Bag {
    return asBag(this.request.body);
  }

  /** Ids sent as a bare JSON array. */
  get idList(): number[] {
    return Array.isArray(this.request.body) ? this.request.body.map(Number) : [];
  }

  query(name: string): string | undefined {
    const value = asBag(this.request.query)[name];
    return typeof value === 'string' ? value : undefined;
  }

  /** `handle_format` and `text_content_output_format` come in a header or in the query. */
  get format(): Format {
    const handles = this.setting('handle_format');
    return {
      handles: handles === 'names' || handles === 'objects' ? (handles satisfies HandleFormat) : 'ids',
      richTextObjects: this.setting('text_content_output_format')?.startsWith('objects_convert') ?? false,
    };
  }

  /** The answer to a DELETE. */
  deleted(): unknown {
    if (this.state.behaviour.deleteAnswer === 'no-content') {
      this.reply.code(204);
      return undefined;
    }
    return { success: true, title: null, message: null, hints: [], error_code: null };
  }

  private setting(name: string): string | undefined {
    const header = this.request.headers[name];
    return this.query(name) ?? (typeof header === 'string' ? header : undefined);
  }
}

function forbidden(): PlatformError {
  return new PlatformError(403, 'You do not have permission to access this organization.');
}
