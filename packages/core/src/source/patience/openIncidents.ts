import type { SoarClient } from '@soar-feed/soar-client';
import type { Clock } from '../../contract/Clock.js';
import type { Logger } from '../../contract/Logger.js';
import type { SourceOrg } from '../../contract/SourceOrg.js';
import type { TypeCatalog } from '../../shape/TypeCatalog.js';
import { EmailSearch } from '../incidents/EmailSearch.js';
import { ClientIncidents } from '../incidents/ClientIncidents.js';
import type { IncidentSource } from '../incidents/IncidentSource.js';
import { Patience } from './Patience.js';
import { PatientIncidents } from './PatientIncidents.js';
import { RELOAD, RELOAD_FOR_SOMEBODY, RESYNC } from './policy.js';

export interface IncidentServices {
  readonly client: SoarClient;
  readonly catalog: TypeCatalog;
  readonly source: Pick<SourceOrg, 'fetch'>;
  readonly log: Logger;
  readonly clock: Clock;
}

/** Who reads incidents. */
export interface IncidentsAsker {
  /** Who waits for the end of it: then a source that is away is not waited for as long as it takes. */
  readonly waits: 'nobody' | 'somebody' | 'a feed';
  readonly signal: AbortSignal;
  /** Hears what is waited for, and `undefined` once the source gives something again. */
  readonly onTrouble?: (problem: string | undefined) => void;
}

export type OpenIncidents = (asker: IncidentsAsker) => IncidentSource;

const POLICIES = { nobody: RELOAD, somebody: RELOAD_FOR_SOMEBODY, 'a feed': RESYNC } as const;

/** The source's incidents, to be asked patiently by one reader each. */
export function openPatiently({ client, catalog, source, log, clock }: IncidentServices): OpenIncidents {
  const emails = new EmailSearch(client, catalog, log);
  return ({ waits, ...asker }) =>
    new PatientIncidents(
      new ClientIncidents(client, catalog, source, asker.signal, emails),
      new Patience(POLICIES[waits], { clock, log, ...asker }),
      clock,
    );
}
