import type { FastifyInstance } from 'fastify';
import { asBag } from '../../org/bag.js';
import type { Bag } from '../../org/bag.js';
import type { Org } from '../../org/Org.js';
import type { Login, Platform } from '../../org/Platform.js';
import { invalid } from '../../org/PlatformError.js';
import { authenticate, unauthorized } from '../authenticate.js';
import { constBody } from '../constBody.js';
import { answeredBy } from '../serverDate.js';

const defaultTimeoutSeconds = 1200;

/** What is outside of any org: sessions, constants. */
export function sessionRoutes(app: FastifyInstance, platform: Platform): void {
  app.post('/rest/session', (request, reply) => {
    const { email, password } = asBag(request.body);
    if (typeof email !== 'string' || typeof password !== 'string') throw invalid('E-mail and password are required.');
    const login = platform.login(email, password);
    if (login?.kind !== 'user') throw unauthorized();
    answeredBy(request, login.orgs[0]);
    const timeouts = login.orgs.map(({ state }) => state.options.sessionTimeoutSeconds ?? defaultTimeoutSeconds);
    const session = platform.sessions.open(email, password, Math.min(...timeouts) * 1000);
    void reply.header('set-cookie', `JSESSIONID=${session.id}; Path=/; HttpOnly`);
    return { ...sessionBody(platform, login, request.ip), csrf_token: session.csrfToken };
  });

  app.get('/rest/session', { exposeHeadRoute: false }, (request) => {
    const { login, sessionId } = authenticate(platform, request);
    const csrf = sessionId === undefined ? undefined : platform.sessions.use(sessionId)?.csrfToken;
    return { ...sessionBody(platform, login, request.ip), ...(csrf === undefined ? {} : { csrf_token: csrf }) };
  });

  app.delete('/rest/session', (request, reply) => {
    const { sessionId } = authenticate(platform, request);
    if (sessionId !== undefined) platform.sessions.close(sessionId);
    return reply.code(204).send();
  });

  app.get('/rest/const', { exposeHeadRoute: false }, (request) => {
    authenticate(platform, request);
    return constBody(platform.behaviour);
  });
}

/** An API key's session has `api_key_handle` and no `user_id`; ids are those of the first org. */
function sessionBody(platform: Platform, login: Login, ip: string): Bag {
  const principal = login.orgs[0]?.state.people.ofLogin(login.name);
  const common = { orgs: login.orgs.map(orgEntry), session_ip: ip, password_expiration_date: null };
  if (login.kind === 'apikey')
    return {
      ...common,
      api_key_handle: principal?.dto.id,
      client_id: login.name,
      display_name: principal?.dto.display_name,
    };
  return {
    ...common,
    user_id: principal?.dto.id,
    user_fname: principal?.user?.fname,
    user_lname: principal?.user?.lname,
    user_email: principal?.user?.email,
    is_saml: false,
    is_ldap: false,
    saml_alias: null,
  };
}

function orgEntry(org: Org): Bag {
  const { options } = org.state;
  return {
    id: org.id,
    name: org.name,
    uuid: org.uuid,
    cloud_account: options.cloudAccount ?? null,
    enabled: org.enabled,
    addr: null,
    attachments_enabled: options.attachmentsEnabled ?? true,
    final_phase_required: options.finalPhaseRequired ?? false,
    tasks_private: options.tasksPrivate ?? false,
    has_saml: false,
    require_saml: false,
    incident_deletion_allowed: options.incidentDeletionAllowed ?? true,
    configuration_type: 'standard',
    parent_org: null,
    session_timeout: options.sessionTimeoutSeconds ?? defaultTimeoutSeconds,
    perms: {},
    effective_permissions: [],
    role_handles: [],
  };
}
