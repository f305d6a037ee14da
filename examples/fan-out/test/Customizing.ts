import { randomUUID } from 'node:crypto';
import { request } from 'node:https';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import type { IncomingMessage } from 'node:http';
import type { SimOrg, Simulator } from '@soar-feed/soar-simulator';

export interface NewField {
  readonly name: string;
  readonly input_type: 'text' | 'number' | 'select';
  readonly values?: readonly { readonly label: string }[];
}

/** An administrator who changes the customization of an organization while feeds run: by REST, as imports do. */
export class Customizing {
  constructor(
    private readonly simulator: Simulator,
    private readonly org: SimOrg,
  ) {}

  /** Makes fields of incidents, or new options of those that are there. */
  fields(...fields: readonly NewField[]): Promise<void> {
    return this.import({ fields: fields.map((field) => ({ ...dto(field), export_key: `incident/${field.name}` })) });
  }

  /** A data table, and the rule that sends its rows to the feed. */
  table(name: string, ...columns: readonly NewField[]): Promise<void> {
    const rule = { type: 0, object_type: name, message_destinations: ['feed_data'], enabled: true };
    return this.import({
      types: [{ type_name: name, display_name: name, fields: columns.map(dto) }],
      actions: [{ ...rule, name: `Data Feeder: ${name}`, uuid: randomUUID() }],
    });
  }

  async removeField(name: string): Promise<void> {
    await this.ask('DELETE', `/types/incident/fields/${name}`);
  }

  private async import(body: object): Promise<void> {
    const made = await this.ask('POST', '/configurations/imports', { export_format_version: 2, ...body });
    const { id } = JSON.parse(made) as { id: number };
    await this.ask('PUT', `/configurations/imports/${id}`, { id, status: 'ACCEPTED' });
  }

  private async ask(method: string, path: string, body?: object): Promise<string> {
    const { id } = this.org;
    const { host, restPort: port, caFile } = this.simulator;
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const asked = request(
        {
          ...{ host, port, method, path: `/rest/orgs/${id}${path}`, ca: readFileSync(caFile) },
          ...{ auth: `key-${id}:secret-${id}`, headers: { 'content-type': 'application/json' } },
        },
        resolve,
      );
      asked.on('error', reject);
      asked.end(body === undefined ? undefined : JSON.stringify(body));
    });
    const said = await text(answer);
    if (answer.statusCode !== 200) throw new Error(`${method} ${path}: ${answer.statusCode} ${said}`);
    return said;
  }
}

function dto({ name, input_type, values = [] }: NewField): object {
  return { name, text: name, input_type, values: values.map(({ label }) => ({ label, enabled: true })) };
}
