import { defineCommand } from '../Command.js';
import type { DoctorArgs } from '../verbs/doctor.js';

export const doctorCommand = defineCommand<DoctorArgs>({
  command: 'doctor',
  description: 'Compare the source with the targets before the first write: what would be refused, lost or changed',
  options: (yargs) =>
    yargs
      .option('feed', { type: 'string', requiresArg: true, description: 'Only this feed; default: all' })
      .option('export', {
        type: 'string',
        requiresArg: true,
        description: 'Write an import file with what the target organization lacks; with several feeds, name one',
      })
      .option('json', { type: 'boolean', default: false, description: 'The findings as JSON' })
      .example('$0 doctor', 'before the first reload, and after either side was customized')
      .example('$0 doctor --feed mirror --export lacks.res', 'fields, options, tables and types that the target lacks')
      .example('$0 customize --target mirror --import lacks.res', 'makes them')
      .epilogue(
        'Reads only. Findings are ranked: refused, lost, changed, worth knowing; each says what follows and what to do. Users, ' +
          'groups, workspaces and settings cannot be imported: make them by hand.',
      ),
  run: async (args) => (await import('../verbs/doctor.js')).doctor(args),
});
