import { parseArgs } from 'node:util';

/**
 * The numbers that a benchmark was called with, or their defaults. With `--help`, prints `help` and exits with 0; if it does not
 * understand an argument, says so and exits with 2.
 */
export function numbersOf<Numbers extends readonly number[]>(help: string, defaults: Numbers): Numbers {
  const { values, positionals } = parsed(help);
  if (values.help) end(help, 0);
  const wrong = positionals.find((text) => !/^\d+$/.test(text)) ?? positionals[defaults.length];
  if (wrong !== undefined) end(`${JSON.stringify(wrong)} is not expected here.\n\n${help}`, 2);
  return defaults.map((number, at) => (positionals[at] === undefined ? number : Number(positionals[at]))) as never;
}

function parsed(help: string) {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { help: { type: 'boolean', short: 'h', default: false } },
    });
  } catch (error) {
    return end(`${error instanceof Error ? error.message : String(error)}\n\n${help}`, 2);
  }
}

function end(text: string, code: number): never {
  (code === 0 ? process.stdout : process.stderr).write(`${text}\n`);
  process.exit(code);
}
