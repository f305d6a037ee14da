import type { ConfigurationDto, ImportDto } from '../model/ConfigurationDto.js';
import type { CallOptions, WriteOptions } from '../rest/CallOptions.js';
import { anObjectWithId } from '../rest/due.js';
import type { Due } from '../rest/due.js';
import type { SoarRest } from '../rest/SoarRest.js';

/** What is exported; IBM's client asks for these. */
const PARTS = { layouts: true, actions: true, phases_and_tasks: true, playbooks: true };

const aConfiguration: Due = (body) => 'export_format_version' in body;

/** The organization's schema, rules, functions, playbooks and destinations, read and written as one document. */
export class Configurations {
  constructor(private readonly rest: SoarRest) {}

  /** A POST that changes nothing. */
  export(options: CallOptions = {}): Promise<ConfigurationDto> {
    return this.rest.query('/configurations/exports/', PARTS, { ...options, due: aConfiguration });
  }

  /** What the import names and the organization has is updated in place, by uuid. Look at the `status` of the answer. */
  import(configuration: ConfigurationDto, options: WriteOptions = {}): Promise<ImportDto> {
    return this.rest.create('/configurations/imports', configuration, { ...options, due: anObjectWithId });
  }

  /** Ends a `PENDING` import, with the object that `import` answered. */
  confirm(pending: ImportDto, status: 'ACCEPTED' | 'REJECTED', options: WriteOptions = {}): Promise<ImportDto> {
    return this.rest.put(
      `/configurations/imports/${pending.id}`,
      { ...pending, status },
      { ...options, due: anObjectWithId },
    );
  }
}
