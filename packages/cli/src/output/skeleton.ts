import { z } from '@soar-feed/core';
import type { FeedTargetPackage } from '@soar-feed/core';
import {
  describeSection,
  feedEngineFields,
  feedsSection,
  resilientSection,
  sectionSkeleton,
} from '@soar-feed/core/runtime';

export interface SkeletonOptions {
  /** Only the required keys. */
  readonly minimal?: boolean;
  /** Values by section and key. */
  readonly given?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** The keys of a feed's section: the engine's first, then the package's own. */
export function feedSchema(target: FeedTargetPackage): z.ZodObject {
  return z.object({ ...feedEngineFields.shape, ...target.config.shape });
}

/** An app.config to fill in: the source, the feeds, and one section for each of `targets`. */
export function skeleton(
  targets: readonly FeedTargetPackage[],
  { minimal = false, given = {} }: SkeletonOptions = {},
): string {
  const names = feedNames(targets);
  const feeds = targets.map((target, at) => {
    const name = names[at] ?? target.type;
    const keys = feedSchema(target);
    return sectionText(name, keys, { class: target.type, ...suggestions(name, keys), ...given[name] });
  });
  const sections = [
    INTRODUCTION,
    sectionText('resilient', resilientSection, {
      ...{ host: 'soar.example.com', org: 'My Organization' },
      ...given['resilient'],
    }),
    sectionText('feeds', feedsSection, { feed_names: names.join(',') }),
    ...feeds,
  ].join('\n');
  // Without the keys that are commented out, and their descriptions.
  return minimal ? sections.replace(/^# .*\n#\w.*\n/gm, '') : sections;
}

const INTRODUCTION = `# soar-feed: fill it in, then test it with "soar-feed check".
# A comment is a line of its own. $NAME is read from the environment: write no secret here.
`;

/** `file` becomes `file_feed`, a second one `file_feed_2`. */
export function feedNames(targets: readonly FeedTargetPackage[]): readonly string[] {
  return targets.map(({ type }, at) => {
    const earlier = targets.slice(0, at).filter((target) => target.type === type).length;
    return earlier === 0 ? `${type}_feed` : `${type}_feed_${earlier + 1}`;
  });
}

/** Optional keys that IBM's templates fill in, because nothing works without them. */
function suggestions(name: string, schema: z.ZodObject): Readonly<Record<string, string>> {
  return 'sqlite_sync_file' in schema.shape ? { sqlite_sync_file: `${name}.db` } : {};
}

/** Keys of a login by API key; they are shown filled in, because this login is preferred. */
const LOGIN = ['api_key_id', 'api_key_secret'];

/** One section, its login and secrets as references to the environment. */
export function sectionText(name: string, schema: z.ZodObject, values: Readonly<Record<string, string>>): string {
  const keys = describeSection(schema);
  const references = keys
    .filter(({ key, secret, required }) => LOGIN.includes(key) || (secret && required))
    .map(({ key }) => [key, referenceTo(name, key)]);
  const text = sectionSkeleton(name, schema, { ...Object.fromEntries(references), ...values });
  // A secret that stays commented out shows how to write it.
  return keys
    .filter(({ secret }) => secret)
    .reduce((lines, { key }) => lines.replace(`\n#${key}=\n`, `\n#${key}=${referenceTo(name, key)}\n`), text);
}

function referenceTo(section: string, key: string): string {
  return `$${`${section}_${key}`.toUpperCase().replace(/\W/g, '_')}`;
}
