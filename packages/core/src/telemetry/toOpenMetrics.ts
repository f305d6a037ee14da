const UNITS = ['seconds', 'bytes'];

/**
 * The OpenMetrics form of an exposition in Prometheus' text format (0.0.4, as prom-client writes it). prom-client's own OpenMetrics
 * mode renames its counters for good, so a registry cannot serve both forms.
 */
export function toOpenMetrics(text: string): string {
  const families = text
    .trimEnd()
    .split('\n\n')
    .filter((family) => family !== '');
  return `${families.map((family) => `${familyOf(family.split('\n'))}\n`).join('')}# EOF\n`;
}

function familyOf([help = '', type = '', ...samples]: readonly string[]): string {
  const [, , name = '', kind = ''] = type.split(' ');
  // A counter's samples bear the suffix, its family does not.
  const family = kind === 'counter' ? name.replace(/_total$/, '') : name;
  const unit = UNITS.find((one) => family.endsWith(`_${one}`));
  return [
    help.replace(`# HELP ${name}`, `# HELP ${family}`),
    `# TYPE ${family} ${kind}`,
    ...(unit === undefined ? [] : [`# UNIT ${family} ${unit}`]),
    ...samples.map(sampleOf),
  ].join('\n');
}

/** Bounds of buckets are floats, and what is no number has one spelling. */
function sampleOf(sample: string): string {
  return sample.replace(/(?<=[{,])(le|quantile)="(\d+)"/, '$1="$2.0"').replace(/ Nan$/, ' NaN');
}
