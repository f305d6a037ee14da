import { readSecret } from './readSecret.js';
import type { FoundSecret, PlainSources } from './readSecret.js';
import { runSecretCommand } from './runSecretCommand.js';
import type { Environment } from './runSecretCommand.js';

export interface PasswordManagerOptions extends PlainSources {
  /** `[resilient] pam_type`: which of IBM's plug-ins the file was made for. */
  readonly type: string;
  /** `[resilient] secret_command`: the program that prints a secret, and its arguments. */
  readonly command: readonly string[];
}

/**
 * Looks up IBM's `^NAME`. IBM asks a plug-in in Python; here a command that prints the secret takes its place, and
 * without one, a secret file or the environment. One instance reads one file, and asks for each secret once.
 */
export class PasswordManager {
  private readonly known = new Map<string, FoundSecret>();
  /** A command that hangs is not waited for again. */
  private hangs = false;

  constructor(private readonly options: PasswordManagerOptions) {}

  /** `section` is the one that holds the reference: IBM's keyring files secrets by it. */
  read(name: string, section: string): FoundSecret {
    const { command } = this.options;
    if (command.length === 0) return this.withoutCommand(name);
    const service = section === 'resilient' ? '_' : section;
    const words = wordsFor(command, { name, section, service });
    const key = JSON.stringify(words);
    const found = this.known.get(key) ?? this.ask(name, words);
    this.known.set(key, found);
    return found;
  }

  private ask(name: string, words: readonly string[]): FoundSecret {
    const failed = (why: string): FoundSecret => ({
      problem: `^${name}: [resilient] secret_command ${why}`,
    });
    // It could be taken for an option.
    if (name.startsWith('-')) return failed('gets no name that begins with "-"; name the secret otherwise');
    if (this.hangs) return failed('was not asked again, because it does not answer');
    const answer = runSecretCommand(words, this.options.env as Environment);
    if ('secret' in answer) return { value: answer.secret };
    this.hangs = answer.hangs;
    return failed(answer.problem);
  }

  private withoutCommand(name: string): FoundSecret {
    const found = readSecret(name, `^${name}`, this.options);
    if ('value' in found) return found;
    const { type } = this.options;
    const plugIn = `IBM's plug-in (pam_type=${type}) cannot be asked from here`;
    return { problem: `${found.problem}; ${plugIn}: set [resilient] secret_command, such as ${exampleFor(type)}` };
  }
}

/** A command without a place for the name gets it as its last argument. */
function wordsFor(command: readonly string[], values: Readonly<Record<string, string>>): readonly string[] {
  const fill = (word: string): string => word.replace(/\{(\w+)\}/g, (all, key: string) => values[key] ?? all);
  const words = command.map(fill);
  return command.some((word) => word.includes('{name}')) ? words : [...words, values['name'] ?? ''];
}

function exampleFor(type: string): string {
  if (/hashicorp|vault/i.test(type)) return 'vault kv get -field={name} secret/soar-feed';
  if (/keyring/i.test(type)) return 'secret-tool lookup service {service} username {name}';
  return 'one of its command-line client, with {name} for the name of the secret';
}
