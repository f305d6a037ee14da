import { SoarClient } from '@soar-feed/soar-client';
import type { ConfigurationDto, SoarConnection } from '@soar-feed/soar-client';
import { connectionFields, toConnection } from '../config/connectionFields.js';
import type { ConnectionSection } from '../config/connectionFields.js';
import { loadHostConfig } from '../config/loadHostConfig.js';
import { shownFeeds } from '../config/shownFeeds.js';
import { namingKeys } from '../config/namingKeys.js';
import { ConfigError } from '../contract/errors.js';
import type { Customization, Undoing } from '../customize/Customization.js';
import { planCustomization } from '../customize/customize.js';
import { planImport } from '../customize/planImport.js';
import { planUndo } from '../customize/undo.js';
import { prepareHost } from './prepareHost.js';
import type { PrepareOptions } from './prepareHost.js';

export interface CustomizeOptions extends PrepareOptions {
  /** A feed whose target is an organization; default: the source. */
  readonly target?: string;
  readonly signal?: AbortSignal;
}

/** An organization that can be provisioned. Close it at the end. */
export interface CustomizableOrg {
  readonly name: string;
  readonly id: number;
  readonly host: string;
  plan(): Promise<Customization>;
  planUndo(): Promise<Undoing>;
  planImport(configuration: ConfigurationDto): Promise<Customization>;
  close(): Promise<void>;
}

/**
 * Logs in where the config says. Throws `ConfigError` for a faulty file or a feed whose target is no organization, and
 * SoarApiError if the server does not let us in.
 */
export async function openCustomizable(options: CustomizeOptions): Promise<CustomizableOrg> {
  const { signal } = options;
  const { connection, section, queue, shown, emails } = await placeOf(options);
  try {
    const client = await SoarClient.connect(connection, signal === undefined ? {} : { signal });
    return {
      name: client.org.name,
      id: client.org.id,
      host: client.host,
      plan: () => planCustomization(client, { queue, shown, emails }, signal),
      planUndo: () => planUndo(client, queue, signal),
      planImport: (configuration) => planImport(client, configuration, signal),
      close: () => client.close(),
    };
  } catch (error) {
    throw namingKeys(error, section, connection);
  }
}

interface Place {
  readonly connection: SoarConnection;
  readonly section: string;
  /** Only of the source. */
  readonly queue: string | undefined;
  /** Feeds that show themselves in the source. */
  readonly shown: readonly string[];
  readonly emails: boolean;
}

async function placeOf(options: CustomizeOptions): Promise<Place> {
  const { target: name, configFile } = options;
  if (name === undefined) {
    const config = loadHostConfig(configFile, options.env ?? process.env);
    const { connection } = config.resilient;
    return {
      connection,
      section: 'resilient',
      queue: config.feeds.queue,
      shown: shownFeeds(config),
      emails: config.feeds.emails,
    };
  }
  const { feeds } = await prepareHost(options);
  const feed = feeds.find(({ section }) => section.name === name);
  const isOrg = feed !== undefined && Object.keys(connectionFields).every((key) => key in feed.definition.config.shape);
  if (isOrg)
    return {
      connection: toConnection(feed.config as ConnectionSection),
      section: name,
      queue: undefined,
      shown: [],
      emails: false,
    };
  const known = feeds.map(({ section }) => section.name).join(', ') || 'none';
  const problem =
    feed === undefined
      ? `is no feed of this file; its feeds are: ${known}`
      : 'has a target that is no SOAR organization: there is nothing to provision';
  throw new ConfigError([{ section: name, problem }], configFile);
}
