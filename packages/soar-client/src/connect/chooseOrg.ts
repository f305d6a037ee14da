import type { SessionDto, SessionOrgDto } from '../model/SessionDto.js';
import { SoarApiError } from '../rest/SoarApiError.js';
import type { SoarConnection } from './SoarConnection.js';

/**
 * The organization that `org` means: by cloud_account, uuid or name, in that order, like IBM's client; then by id.
 * Without `org`, the only one. Throws with a list of the available ones.
 */
export function chooseOrg(session: SessionDto, connection: SoarConnection): SessionOrgDto {
  const orgs = session.orgs ?? [];
  const { host, org: wanted } = connection;
  if (orgs.length === 0) {
    throw new SoarApiError(`This account is not a member of any organization on ${host}.`, { code: 'no-org' });
  }
  const chosen = wanted === undefined || wanted === '' ? onlyOne(orgs, host) : named(orgs, wanted, host);
  if (chosen.enabled === false) {
    const from = session.session_ip ? ` (our address is ${session.session_ip})` : '';
    throw new SoarApiError(
      `The organization ${JSON.stringify(chosen.name)} on ${host} is disabled for this account${from}: ` +
        'it may be restricted to other addresses, or to another kind of login.',
      { code: 'org-disabled' },
    );
  }
  return chosen;
}

function onlyOne(orgs: readonly SessionOrgDto[], host: string): SessionOrgDto {
  const [first, second] = orgs;
  if (first !== undefined && second === undefined) return first;
  throw new SoarApiError(`Set \`org\`: this account sees ${orgs.length} organizations on ${host}: ${list(orgs)}.`, {
    code: 'org-not-set',
  });
}

function named(orgs: readonly SessionOrgDto[], wanted: string, host: string): SessionOrgDto {
  const found =
    orgs.find((org) => org.cloud_account === wanted) ??
    orgs.find((org) => org.uuid === wanted) ??
    orgs.find((org) => org.name === wanted) ??
    orgs.find((org) => String(org.id) === wanted);
  if (found !== undefined) return found;
  throw new SoarApiError(`No organization ${JSON.stringify(wanted)} on ${host}; available: ${list(orgs)}.`, {
    code: 'org-not-found',
  });
}

function list(orgs: readonly SessionOrgDto[]): string {
  return orgs
    .map((org) => `${JSON.stringify(org.name)} (id ${org.id}${org.uuid ? `, uuid ${org.uuid}` : ''})`)
    .join(', ');
}
