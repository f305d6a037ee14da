import { PermanentError } from '@soar-feed/core';
import type { ObjectKey } from '@soar-feed/core';
import { isTopicName } from '../config/topicMap.js';
import type { TopicMap } from '../config/topicMap.js';

/** Which topic an object goes to. */
export class Topics {
  constructor(
    private readonly map: TopicMap,
    private readonly template: string | undefined,
  ) {}

  /** Topics that are known before any event comes. */
  get named(): readonly string[] {
    const fixed = this.template === undefined || this.template.includes('{') ? [] : [this.template];
    return [...new Set([...this.map.values(), ...fixed])];
  }

  /** `undefined` where no topic is meant for the type. Throws `PermanentError` for a type that no topic can be named after. */
  of({ type, orgId }: ObjectKey): string | undefined {
    const mapped = this.map.get(type);
    if (mapped !== undefined) return mapped;
    if (this.template === undefined) return this.map.get('default');
    const topic = this.template.replaceAll('{type}', () => type).replaceAll('{org}', String(orgId));
    if (isTopicName(topic)) return topic;
    const name = type.length > 60 ? `${type.slice(0, 60)}…` : type;
    throw new PermanentError(
      `No topic can be named after the type "${name}" (letters, digits, ".", "_" and "-"; 249 at most); name one in topic_map.`,
      { code: 'kafka-topic-invalid' },
    );
  }
}
