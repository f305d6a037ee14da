import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs';
import { ConfigError } from '@soar-feed/core';
import type { ConfigIssue } from '@soar-feed/core';
import type { CheckLine, HostConfig, LogFileSettings } from '@soar-feed/core/runtime';
import { RotatingFile } from './RotatingFile.js';

/** Opens the log file of the config; `undefined` if it names none. Throws `ConfigError` naming the key to blame. */
export function openLogFile({ file: configFile, resilient }: HostConfig): RotatingFile | undefined {
  const settings = resilient.logFile;
  if (settings === undefined) return undefined;
  const issue = issueOf(settings);
  if (issue !== undefined) throw new ConfigError([issue], configFile);
  if (settings.makeFolder) mkdirSync(settings.folder, { recursive: true, mode: 0o700 });
  const { file } = settings;
  try {
    return new RotatingFile({
      ...settings,
      onTrouble: (problem) =>
        process.stderr.write(
          `soar-feed: [resilient] ${settings.key}: ${file} cannot be written or rotated (${problem}); the log goes on here.\n`,
        ),
    });
  } catch (error) {
    throw new ConfigError([unwritable(settings, file, (error as NodeJS.ErrnoException).code)], configFile);
  }
}

/** Whether the log file can be written; nothing is made. */
export function checkLogFile({ resilient }: HostConfig): readonly CheckLine[] {
  const settings = resilient.logFile;
  if (settings === undefined) return [];
  const issue = issueOf(settings);
  if (issue === undefined) return [{ subject: 'log', state: 'ok', detail: settings.file }];
  const detail = `[resilient] ${settings.key}: ${issue.problem}`;
  return [{ subject: 'log', state: 'fail', detail, code: 'config-invalid' }];
}

function issueOf(settings: LogFileSettings): ConfigIssue | undefined {
  const { file, folder, key, makeFolder } = settings;
  const problem = (text: string): ConfigIssue => ({ section: 'resilient', key, problem: text });
  if (!existsSync(folder)) {
    if (makeFolder) return undefined;
    return problem(`the folder ${folder} does not exist; create it, or name another one`);
  }
  if (!statSync(folder).isDirectory()) return problem(`${folder} is not a folder; name one`);
  for (const path of [folder, ...(existsSync(file) ? [file] : [])]) {
    try {
      accessSync(path, constants.W_OK);
    } catch (error) {
      return unwritable(settings, path, (error as NodeJS.ErrnoException).code);
    }
  }
  return undefined;
}

function unwritable({ key }: LogFileSettings, path: string, code: string | undefined): ConfigIssue {
  const problem = `${path} cannot be written (${code ?? 'unknown'}); let the user that runs soar-feed write there, or name another folder`;
  return { section: 'resilient', key, problem };
}
