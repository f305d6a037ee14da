import type { Argv, ArgumentsCamelCase } from 'yargs';
import type { GlobalArgs } from './globalOptions.js';

export interface CommandSpec<Args extends GlobalArgs> {
  /** The verb and its positionals, in yargs' notation. */
  readonly command: string;
  readonly aliases?: readonly string[];
  readonly description: string;
  readonly options: (yargs: Argv<GlobalArgs>) => Argv<Args>;
  /**
   * Returns the exit code. An error that it throws becomes a message and a code. It imports the engine only here, so
   * that help and usage errors do not wait for the engine and its database driver.
   */
  readonly run: (args: ArgumentsCamelCase<Args>) => Promise<number>;
}

export interface Command {
  /** The verb and its aliases. */
  readonly names: readonly string[];
  /** The verbs of a group. */
  readonly verbs: readonly Command[];
  /** Adds it to the command line; `ended` is called with its exit code. */
  readonly addTo: (yargs: Argv<GlobalArgs>, ended: (exitCode: number) => void) => Argv<GlobalArgs>;
}

export function defineCommand<Args extends GlobalArgs>(spec: CommandSpec<Args>): Command {
  const { command, aliases = [] } = spec;
  return {
    names: [verbIn(command), ...aliases],
    verbs: [],
    addTo: (yargs, ended) =>
      yargs.command({
        ...{ command, aliases, describe: spec.description },
        builder: (inner) => spec.options(inner),
        handler: async (args) => ended(await spec.run(args)),
      }),
  };
}

export interface GroupSpec {
  readonly command: string;
  readonly description: string;
  /** The message if no verb of the group is given. */
  readonly demand: string;
  readonly commands: readonly Command[];
}

/** A verb with verbs of its own. */
export function defineGroup({ command, description, demand, commands }: GroupSpec): Command {
  return {
    names: [verbIn(command)],
    verbs: commands,
    addTo: (yargs, ended) =>
      yargs.command(command, description, (inner) =>
        commands.reduce((line, each) => each.addTo(line, ended), inner).demandCommand(1, demand),
      ),
  };
}

function verbIn(command: string): string {
  return command.replace(/ .*/, '');
}
