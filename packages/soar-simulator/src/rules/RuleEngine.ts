import type { Bag } from '../org/bag.js';
import type { Change, WriteContext } from '../org/Journal.js';
import type { OrgState } from '../org/OrgState.js';
import { invalid, noObject } from '../org/PlatformError.js';
import {
  feedFunction,
  feedFunctionFields,
  feedMenuRule,
  feedUuids,
  workflowInputs,
} from '../org/schema/feedPackage.js';
import { uuidFrom } from '../org/uuidFrom.js';
import type { Broker, BrokerReply } from '../stomp/Broker.js';
import { actionData, menuActionData } from './actionData.js';
import { ContextTokens } from './ContextTokens.js';
import { Destinations } from './Destinations.js';
import { functionData } from './functionData.js';
import type { FunctionInfo } from './functionData.js';
import type { Invocation } from './Invocation.js';
import { Invocations } from './Invocations.js';
import type { SavedInvocation } from './Invocations.js';
import { messageText } from './messageText.js';
import type { RuleInfo } from './RuleInfo.js';

type Rule = { -readonly [K in keyof RuleInfo]: RuleInfo[K] };

/** The part of an org's rules that survives a restart of the platform. */
export interface SavedRules {
  readonly enabled: readonly number[];
  readonly destinations: readonly { readonly id: number; readonly users: number[]; readonly apiKeys: number[] }[];
  readonly tokenSecret: string;
  readonly invocations: readonly SavedInvocation[];
}

const firstRuleId = 226;
const firstFunctionId = 45;

/**
 * The rules of an org: queues a message for each change and, on demand, for menu rules and functions; follows the
 * replies.
 */
export class RuleEngine {
  readonly destinations: Destinations;
  private readonly functionList: FunctionInfo[];
  private readonly tokens = new ContextTokens();
  private readonly invocations = new Invocations();
  private rules: Rule[];
  private nextRuleId: number;
  private nextFunctionId: number;
  private readonly publishing = new Set<Promise<void>>();
  private failure: Error | undefined;

  constructor(
    private readonly org: OrgState,
    private readonly broker: () => Broker,
  ) {
    const { options, idBase, people } = org;
    this.nextRuleId = idBase + firstRuleId;
    this.nextFunctionId = idBase + firstFunctionId;
    const queue = options.feedQueue ?? 'feed_data';
    const packaged = options.feedPackage ?? true;
    const queues = packaged ? [{ name: queue || 'feed_data' }] : [];
    this.destinations = new Destinations(options.destinations ?? queues, people, idBase);
    this.rules = queue === false || !packaged ? [] : this.packagedRules(queue);
    const ofPackage = packaged ? [{ ...feedFunction, destination: queue || 'feed_data' }] : [];
    const inputs = packaged ? feedFunctionFields.map(({ name }) => name) : [];
    this.functionList = (options.functions ?? ofPackage).map(({ name, displayName, destination }) => ({
      id: this.nextFunctionId++,
      name,
      displayName: displayName ?? name,
      destination,
      uuid: name === feedFunction.name ? feedFunction.uuid : uuidFrom(`function:${name}`),
      inputs: name === feedFunction.name ? inputs : [],
    }));
    org.journal.onChanges((changes, write) => this.fire(changes, write));
  }

  get functions(): readonly FunctionInfo[] {
    return this.functionList;
  }

  /** Takes the place of a rule with this uuid. */
  putRule(rule: Omit<RuleInfo, 'id'>): void {
    const id = this.rules.find(({ uuid }) => uuid === rule.uuid)?.id ?? this.nextRuleId++;
    this.rules = [...this.rules.filter((each) => each.id !== id), { ...rule, id }];
  }

  removeRule(id: number): void {
    if (!this.rules.some((rule) => rule.id === id)) throw noObject(id);
    this.rules = this.rules.filter((rule) => rule.id !== id);
  }

  /** Takes the place of a function with this uuid. */
  putFunction(called: Omit<FunctionInfo, 'id'>): void {
    const at = this.functionList.findIndex(({ uuid }) => uuid === called.uuid);
    if (at === -1) this.functionList.push({ ...called, id: this.nextFunctionId++ });
    else this.functionList[at] = { ...called, id: this.functionList[at]?.id ?? this.nextFunctionId++ };
  }

  removeFunction(id: number): void {
    const at = this.functionList.findIndex((each) => each.id === id);
    if (at === -1) throw noObject(id);
    this.functionList.splice(at, 1);
  }

  list(): RuleInfo[] {
    return this.rules.map((rule) => ({ ...rule }));
  }

  /** Switches the automatic rules of one object type, or all. */
  setEnabled(enabled: boolean, objectType?: string): void {
    for (const rule of this.rules)
      if (rule.kind === 'automatic' && (objectType === undefined || rule.objectType === objectType))
        rule.enabled = enabled;
  }

  invokeMenuRule(name: string, incidentId: number, properties: Bag, write: WriteContext): Invocation {
    const rule = this.rules.find((each) => each.kind === 'menu' && each.name === name);
    if (!rule) throw invalid(`There is no menu rule "${name}".`);
    const incident = this.org.incident(incidentId);
    if (name === feedMenuRule && this.org.behaviour.menuRuleStarts === 'function')
      return this.invokeFunction(feedFunction.name, workflowInputs(properties), write, incidentId);
    const values = this.inputs('actioninvocation', properties);
    return this.send(rule, 'menu-rule', incidentId, 'ActionDataDTO', () =>
      menuActionData(rule.id, incident, values, write, this.org.schema, this.org.behaviour),
    );
  }

  invokeFunction(name: string, inputs: Bag, write: WriteContext, incidentId: number | null = null): Invocation {
    const called = this.functions.find((each) => each.name === name);
    if (!called) throw invalid(`There is no function "${name}".`);
    const values = this.inputs('__function', inputs);
    return this.send(called, 'function', incidentId, 'FunctionDataDTO', (invocation) =>
      functionData(called, values, write, invocation),
    );
  }

  reply(reply: BrokerReply): void {
    this.invocations.reply(reply);
  }

  status(): readonly Invocation[] {
    return this.invocations.all();
  }

  save(): SavedRules {
    return {
      enabled: this.rules.filter(({ enabled }) => enabled).map(({ id }) => id),
      destinations: this.destinations.all().map(({ id, users, apiKeys }) => ({ id, users, apiKeys })),
      tokenSecret: this.tokens.secret,
      invocations: this.invocations.save(),
    };
  }

  load({ enabled, destinations, tokenSecret, invocations }: SavedRules): void {
    for (const rule of this.rules) rule.enabled = enabled.includes(rule.id);
    for (const { id, users, apiKeys } of destinations) Object.assign(this.destinations.at(id), { users, apiKeys });
    this.tokens.secret = tokenSecret;
    this.invocations.load(invocations);
  }

  /** Resolves when the broker has every message; rejects if it refused one. */
  async settled(): Promise<void> {
    while (this.publishing.size > 0) await Promise.all(this.publishing);
    if (this.failure) throw this.failure;
  }

  private packagedRules(destination: string): Rule[] {
    const types = ['incident', 'task', 'note', 'milestone', 'artifact', 'attachment'];
    const tables = this.org.schema.tables();
    const rules = [...types, ...tables.map(({ name }) => name)].map((objectType) => ({
      name: `Data Feeder: ${this.org.schema.type(objectType).label}`,
      kind: 'automatic' as const,
      objectType,
    }));
    return [...rules, { name: feedMenuRule, kind: 'menu' as const, objectType: 'incident' }].map((rule) => ({
      ...rule,
      id: this.nextRuleId++,
      uuid: feedUuids[`action:${rule.name}`] ?? uuidFrom(`action:${rule.name}`),
      destination,
      enabled: true,
    }));
  }

  private fire(changes: readonly Change[], write: WriteContext): void {
    const cause = this.tokens.ruleOf(write.contextToken);
    const byKey = write.actor.dto.type === 'apikey';
    if (byKey && !this.org.behaviour.apiKeyWritesFireRules) return;
    for (const change of this.inMessageOrder(changes))
      for (const rule of this.rules)
        if (rule.enabled && rule.kind === 'automatic' && rule.objectType === change.type && rule.id !== cause)
          this.send(rule, 'rule', change.incident.dto.id, 'ActionDataDTO', () =>
            actionData(rule.id, change, write, this.org.schema, this.org.behaviour),
          );
  }

  private inMessageOrder(changes: readonly Change[]): readonly Change[] {
    if (this.org.behaviour.autoTaskMessages === 'after-incident') return changes;
    return [...changes.filter((change) => change.automatic), ...changes.filter((change) => !change.automatic)];
  }

  private inputs(typeName: string, sent: Bag): Bag {
    const type = this.org.schema.type(typeName);
    return Object.fromEntries(
      Object.entries(sent).map(([name, value]) => {
        const field = type.fields.get(name);
        if (!field) throw invalid(`Invalid field name: ${name}`);
        return [name, this.org.reader.read(field, value)];
      }),
    );
  }

  private send(
    sender: { id: number; name: string; destination: string },
    kind: Invocation['kind'],
    incidentId: number | null,
    payload: string,
    body: (invocation: number) => Bag,
  ): Invocation {
    const number = this.org.ids.next('invocation');
    const correlationId = `invid:${number}`;
    const { name, destination } = sender;
    const expectAck = this.destinations.get(destination)?.expectAck ?? true;
    const invocation = this.invocations.start({ correlationId, kind, name, destination, incidentId }, expectAck);
    // With the actions framework off, the platform has no queues and sends nothing.
    if (this.org.options.actionsFrameworkEnabled === false) return invocation;
    this.publish({
      destination: `actions.${this.org.options.id}.${destination}`,
      headers: {
        'reply-to': `/queue/acks.${this.org.options.id}.${destination}`,
        'correlation-id': correlationId,
        Co3MessagePayload: payload,
        Co3ContentType: 'application/json',
        Co3ContextToken: this.tokens.issue(sender.id, correlationId),
        Co3RemoteAddr: '127.0.0.1',
        JMSXUserID: 'SYSTEM',
        ...(this.org.clockOffsetMs === 0 ? {} : { timestamp: String(this.org.now()) }),
      },
      body: messageText(body(number), this.org.behaviour.loneSurrogates),
    });
    return invocation;
  }

  private publish(message: Parameters<Broker['publish']>[0]): void {
    const sent: Promise<void> = this.broker()
      .publish(message)
      .catch((error: unknown) => {
        this.failure ??= error instanceof Error ? error : new Error(String(error));
      })
      .finally(() => this.publishing.delete(sent));
    this.publishing.add(sent);
  }
}
