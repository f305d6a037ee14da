import type { ExamineContext, Finding, TypeSchema } from '@soar-feed/core';
import type { SoarClient, SoarConnection, TypeDto } from '@soar-feed/soar-client';
import type { Emails } from '../fields/emailTypes.js';
import type { ExcludedFields } from '../fields/ExcludedFields.js';
import type { Criteria } from '../filter/Criteria.js';
import type { TargetCatalog } from '../translate/TargetCatalog.js';
import type { Lacks } from './Lacks.js';

/** The settings of the feed that matter here. */
export interface ExamineSettings {
  readonly connection: SoarConnection;
  readonly criteria: Criteria;
  readonly exclude: ExcludedFields;
  readonly deleteIncidents: boolean;
  readonly syncReferenceFields: boolean;
  readonly emails: Emails;
}

/** Both sides of a feed, and what has been found so far. */
export interface Pair {
  readonly source: readonly TypeSchema[];
  readonly beyond: Omit<ExamineContext, 'signal'>;
  /** Our own login at the source. */
  readonly principalId: number | undefined;
  readonly target: TargetCatalog;
  /** The target's types as it shows them: an import repeats them. */
  readonly raw: Readonly<Record<string, TypeDto>>;
  readonly client: Pick<SoarClient, 'org' | 'rest' | 'incidents'>;
  readonly exclude: ExcludedFields;
  readonly lacks: Lacks;
}

export type Findings = Iterable<Finding>;
