/** Which topic a type goes to; `default` stands for every type that the map does not name. */
export type TopicMap = ReadonlyMap<string, string>;

/** What Kafka takes as a topic's name. */
const TOPIC = /^(?!\.{1,2}$)[\w.-]{1,249}$/;

export function isTopicName(name: string): boolean {
  return TOPIC.test(name);
}

/**
 * IBM's `topic_map`: `incident=inc_topic;task=task_topic;default=rest`. Blanks are removed anywhere, as IBM does. IBM's
 * feed ends with an index error at a closing `;` or at a second `=`; here the first is taken, and the second is named.
 */
export function parseTopicMap(text: string): TopicMap {
  const map = new Map<string, string>();
  const entries = text
    .replace(/\s/g, '')
    .split(';')
    .filter((entry) => entry !== '');
  for (const entry of entries) {
    const [type = '', topic = '', ...more] = entry.split('=');
    if (type === '' || topic === '') throw new Error(`"${entry}" is not type=topic; ${FORM}`);
    if (more.length > 0) throw new Error(`"${entry}" has more than one "="; separate the entries with ";" (${FORM})`);
    if (!isTopicName(topic)) throw new Error(`"${topic}" cannot be the name of a topic; accepted: ${NAMES}`);
    const before = map.get(type);
    if (before !== undefined && before !== topic)
      throw new Error(`${type} has two topics, ${before} and ${topic}; keep one`);
    map.set(type, topic);
  }
  if (map.size === 0) throw new Error(`names no topic; ${FORM}`);
  return map;
}

const FORM = 'accepted: type=topic;type=topic;default=topic';
const NAMES = 'up to 249 letters, digits, ".", "_" and "-"';

/** A template for the topics of all types, such as `soar.{type}`. */
export function parseTopicTemplate(text: string): string {
  const rest = text.replaceAll('{type}', '').replaceAll('{org}', '');
  if (/[{}]/.test(rest)) throw new Error(`"${text}" holds a placeholder that is not known; accepted: {type} and {org}`);
  if (!isTopicName(text.replaceAll('{type}', 't').replaceAll('{org}', '1'))) {
    throw new Error(`"${text}" cannot be the name of a topic; accepted: ${NAMES}, with {type} and {org}`);
  }
  return text;
}
