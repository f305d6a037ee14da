import { describe, expect, it } from '@jest/globals';
import { defineFeedTarget, field, z } from '@soar-feed/core';
import { readAppConfig } from '@soar-feed/core/runtime';
import { ContainerModule } from 'inversify';
import { askForConfig } from '../../src/configFile/askForConfig.js';
import type { ConfigAnswers } from '../../src/configFile/askForConfig.js';
import { skeleton } from '../../src/output/skeleton.js';

const module = new ContainerModule(() => undefined);
const target = (type: string, config: z.ZodObject) =>
  defineFeedTarget({ type, contract: 1, summary: `Feeds ${type}.`, config, module });
const targets = [
  target('shelf', z.object({ place: field.text({ doc: 'Where it stands.' }), lock: field.secret({ doc: 'Lock.' }) })),
  target('resilient', z.object({ host: field.text({ doc: 'Server.' }), org: field.text({ doc: 'Org.' }).optional() })),
];

async function answered(answers: readonly string[], classes?: readonly string[]) {
  const said: string[] = [];
  const left = [...answers];
  const ask = (question: string): Promise<string> => {
    said.push(question);
    const answer = left.shift();
    if (answer === undefined) throw new Error(`no answer to ${question}`);
    return Promise.resolve(answer);
  };
  const given: ConfigAnswers = await askForConfig({
    ...{ ask, say: (text: string) => said.push(text), targets },
    ...(classes === undefined ? {} : { classes }),
  });
  expect(left).toEqual([]);
  return { ...given, said: said.join('') };
}

describe('the questions of config init', () => {
  it('make a file with the answers, and ask for no secret', async () => {
    const answers = [
      'https://soar.example.com:443/app',
      'Acme',
      '',
      'shelf, resilient',
      'cellar',
      'two.example.com',
      'Mirror',
    ];
    const { classes, given, said } = await answered(answers);
    expect(said).not.toMatch(/lock|secret of/i);
    const chosen = classes.flatMap((name) => targets.find(({ type }) => type === name) ?? []);
    const { sections } = readAppConfig(skeleton(chosen, { given }), 'app.config');
    const valueOf = (section: string, key: string) => sections.get(section)?.values.get(key)?.text;
    expect([valueOf('resilient', 'host'), valueOf('resilient', 'org'), valueOf('resilient', 'api_key_id')]).toEqual([
      'soar.example.com',
      'Acme',
      '$RESILIENT_API_KEY_ID',
    ]);
    expect(valueOf('feeds', 'feed_names')).toBe('shelf_feed,resilient_feed');
    expect([valueOf('shelf_feed', 'place'), valueOf('shelf_feed', 'lock')]).toEqual(['cellar', '$SHELF_FEED_LOCK']);
    expect([valueOf('resilient_feed', 'host'), valueOf('resilient_feed', 'org')]).toEqual([
      'two.example.com',
      'Mirror',
    ]);
  });

  it('ask again for what cannot be, with the likely word, and not for feeds that are named', async () => {
    const { classes, said } = await answered(['', 'h', 'o', 'id', 'shelv', 'shelf', 'p']);
    expect(classes).toEqual(['shelf']);
    expect(said).toContain('Accepted: a host name');
    expect(said).toContain('shelv is not one of them; did you mean shelf?');
    expect((await answered(['h', 'o', '', 'p'], ['shelf'])).classes).toEqual(['shelf']);
  });
});
