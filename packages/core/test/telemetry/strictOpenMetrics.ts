/** A strict reader of the OpenMetrics text format (version 1.0.0): throws at the first line that the specification forbids. */

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Family {
  readonly name: string;
  type: string;
  unit?: string;
  help?: string;
  readonly samples: Sample[];
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const META = new RegExp(`^# (HELP|TYPE|UNIT) (${NAME}) (.*)$`);
const LABEL = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(,|$)/;
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(.*)\\})? (\\S+)( \\d+(\\.\\d+)?)?$`);
const NUMBER = /^(?:[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\+Inf|-Inf|NaN)$/;
const TYPES = ['unknown', 'gauge', 'counter', 'stateset', 'info', 'histogram', 'gaugehistogram', 'summary'];
const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  counter: ['_total', '_created'],
  histogram: ['_bucket', '_count', '_sum', '_created'],
  summary: ['', '_count', '_sum', '_created'],
  info: ['_info'],
};

export function parseStrictly(text: string): readonly Family[] {
  if (!text.endsWith('\n# EOF\n')) throw new Error('The exposition does not end with # EOF and one line break.');
  const families = new Map<string, Family>();
  let family: Family | undefined;
  for (const [at, line] of text.slice(0, -'# EOF\n'.length).split('\n').slice(0, -1).entries()) {
    const fail = (why: string): never => {
      throw new Error(`Line ${at + 1}: ${why}: ${line}`);
    };
    if (line === '') fail('empty');
    if (line.startsWith('#')) {
      const [, kind = '', name = '', rest = ''] = META.exec(line) ?? fail('no metadata');
      if (family?.name !== name) {
        if (families.has(name)) fail('the family is in two places');
        family = { name, type: 'unknown', samples: [] };
        families.set(name, family);
      } else if (family.samples.length > 0) fail('metadata after samples');
      if (kind === 'TYPE') family.type = TYPES.includes(rest) ? rest : fail('no such type');
      if (kind === 'UNIT') family.unit = name.endsWith(`_${rest}`) ? rest : fail('the name does not end with its unit');
      if (kind === 'HELP') family.help = family.help === undefined ? rest : fail('two helps');
      continue;
    }
    const [, name = '', labelText = '', number = ''] = SAMPLE.exec(line) ?? fail('no sample');
    if (family === undefined) return fail('no family');
    const { name: of, type, samples } = family;
    const suffixes = SUFFIXES[type] ?? [''];
    if (!suffixes.some((suffix) => name === of + suffix)) fail(`no sample of the ${type} ${of}`);
    if (!NUMBER.test(number)) fail('no number');
    const labels = labelsOf(labelText, fail);
    if (samples.some((other) => other.name === name && JSON.stringify(other.labels) === JSON.stringify(labels)))
      fail('twice');
    const value = Number(number.replace('Inf', 'Infinity'));
    if (type === 'counter' && !(value >= 0)) fail('a counter below 0');
    for (const bound of ['le', 'quantile'])
      if (labels[bound] !== undefined && !/^(\d+\.\d+|\+Inf|\d+(\.\d+)?e[+-]?\d+)$/.test(labels[bound]))
        fail('no float');
    samples.push({ name, labels, value });
  }
  for (const one of families.values()) if (one.type === 'histogram') checkBuckets(one);
  return [...families.values()];
}

function labelsOf(text: string, fail: (why: string) => never): Record<string, string> {
  const labels: Record<string, string> = {};
  for (let rest = text; rest !== '';) {
    const [all = '', name = '', value = ''] = LABEL.exec(rest) ?? fail('odd labels');
    if (name in labels) fail('a label twice');
    labels[name] = value;
    rest = rest.slice(all.length);
  }
  return labels;
}

/** Buckets grow, and the last one holds all. */
function checkBuckets({ name, samples }: Family): void {
  const groups = new Map<string, Sample[]>();
  for (const sample of samples.filter((one) => one.name === `${name}_bucket`)) {
    const { le: _, ...others } = sample.labels;
    const key = JSON.stringify(others);
    groups.set(key, [...(groups.get(key) ?? []), sample]);
  }
  for (const [key, buckets] of groups) {
    const count = samples.find((one) => one.name === `${name}_count` && JSON.stringify(one.labels) === key);
    const last = buckets.at(-1);
    if (last?.labels['le'] !== '+Inf' || last.value !== count?.value)
      throw new Error(`${name}${key}: no +Inf bucket with all`);
    for (const [at, { value }] of buckets.entries())
      if (value < (buckets[at - 1]?.value ?? 0)) throw new Error(`${name}${key}: a bucket that shrinks`);
  }
}
