import { didYouMean } from '@soar-feed/core';
import type { FeedTargetPackage } from '@soar-feed/core';
import { describeSection, resilientSection } from '@soar-feed/core/runtime';
import type { KeyDescription } from '@soar-feed/core/runtime';
import { feedNames } from '../output/skeleton.js';

export interface ConfigQuestions {
  /** Shows a question and gives the answer, without its line end. */
  readonly ask: (question: string) => Promise<string>;
  readonly say: (text: string) => void;
  readonly targets: readonly FeedTargetPackage[];
  /** Classes of feeds that the command line names: nobody is asked then. */
  readonly classes?: readonly string[];
}

export interface ConfigAnswers {
  readonly classes: readonly string[];
  /** Values by section and key. */
  readonly given: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Asks for what a first app.config needs; never for a secret, because a file is the wrong place for one. */
export async function askForConfig(questions: ConfigQuestions): Promise<ConfigAnswers> {
  const { ask, say, targets } = questions;
  say('Empty answers take what is in brackets. Secrets are not asked for: the file names variables for them.\n\n');
  const given: Record<string, Record<string, string>> = {};
  const source = describeSection(resilientSection);
  given['resilient'] = await answersTo(questions, [
    { key: 'host', question: 'Server name of SOAR', described: source },
    { key: 'org', question: 'Organization', described: source },
    { key: 'api_key_id', question: 'Id of the API key', described: source, otherwise: '$RESILIENT_API_KEY_ID' },
  ]);
  const classes = questions.classes ?? (await askClasses(questions));
  const chosen = classes.flatMap(
    (name) => targets.find(({ type, aliases = [] }) => [type, ...aliases].includes(name)) ?? [],
  );
  for (const [at, name] of feedNames(chosen).entries()) {
    const target = chosen[at];
    if (target === undefined) continue;
    const described = describeSection(target.config);
    const asked = described.filter(
      ({ key, required, secret }) => (required && !secret) || key === 'org' || key === 'api_key_id',
    );
    if (asked.length === 0) continue;
    say(`\n[${name}] ${target.summary}\n`);
    given[name] = await answersTo(
      { ...questions, ask },
      asked.map(({ key, doc }) => ({
        ...{ key, question: `${key}: ${doc.replace(/\.$/, '')}`, described },
        ...(key === 'api_key_id' ? { otherwise: `$${name.toUpperCase()}_API_KEY_ID` } : {}),
      })),
    );
  }
  return { classes, given };
}

interface Question {
  readonly key: string;
  readonly question: string;
  readonly described: readonly KeyDescription[];
  /** What an empty answer means; default: it is asked again. */
  readonly otherwise?: string;
}

async function answersTo(
  { ask, say }: Pick<ConfigQuestions, 'ask' | 'say'>,
  questions: readonly Question[],
): Promise<Record<string, string>> {
  const answers: Record<string, string> = {};
  for (const { key, question, described, otherwise } of questions) {
    const { accepts = 'text' } = described.find((row) => row.key === key) ?? {};
    for (;;) {
      const typed = (await ask(`${question}${otherwise === undefined ? '' : ` [${otherwise}]`}: `)).trim();
      const answer = typed === '' ? (otherwise ?? '') : key === 'host' ? hostIn(typed) : typed;
      if (answer !== '' && !/[\r\n]/.test(answer)) {
        answers[key] = answer;
        break;
      }
      say(`  Accepted: ${accepts}.\n`);
    }
  }
  return answers;
}

/** People paste the address of their browser. */
function hostIn(typed: string): string {
  return URL.canParse(typed) && /^https?:/.test(typed) ? new URL(typed).hostname : typed;
}

async function askClasses({ ask, say, targets }: ConfigQuestions): Promise<readonly string[]> {
  const types = targets.map(({ type }) => type);
  say('\nTargets that are installed:\n');
  for (const { type, summary } of targets) say(`  ${type.padEnd(12)} ${summary}\n`);
  const otherwise = types.includes('resilient') ? 'resilient' : (types[0] ?? '');
  for (;;) {
    const typed = (await ask(`Feeds into which of them, separated by commas [${otherwise}]: `)).trim();
    const names = (typed === '' ? otherwise : typed).split(/[\s,]+/).filter((name) => name !== '');
    const known = (name: string): boolean =>
      targets.some(({ type, aliases = [] }) => [type, ...aliases].includes(name));
    const unknown = names.find((name) => !known(name));
    if (names.length > 0 && unknown === undefined) return names;
    const near = unknown === undefined ? undefined : didYouMean(unknown, types);
    say(`  ${unknown ?? 'Nothing'} is not one of them${near === undefined ? '' : `; did you mean ${near}?`}\n`);
  }
}
