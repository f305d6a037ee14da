import { parseArgs } from 'node:util';

/**
 * The numbers that a benchmark is called with, and the given ones where there is none. With `--help`, says `help` and ends; with
 * something else, says what is wrong and ends with 2.
 */
export function numbersOf<Numbers extends readonly number[]>(help: string, defaults: Numbers): Numbers {
  const { values, positionals } = parsed(help);
  if (values.help) end(help, 0);
  const wrong = positionals.find((text) => !/^\d+$/.test(text)) ?? positionals[defaults.length];
  if (wrong !== undefined) end(`${JSON.stringify(wrong)} is not wanted here.\n\n${help}`, 2);
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
