export interface ExitCode {
  readonly code: number;
  readonly meaning: string;
  readonly whatToDo: string;
}

/**
 * How a command ends. Where the meaning is the same, 20 to 32 are the numbers of IBM's resilient-circuits, so that rules
 * which watch its processes keep working.
 */
export const exitCodes = {
  done: { code: 0, meaning: 'Done', whatToDo: 'Nothing.' },
  unexpected: {
    code: 1,
    meaning: 'Unexpected error',
    whatToDo: 'Run again with `--log-level debug`, which shows the stack trace, and report it.',
  },
  usage: { code: 2, meaning: 'The command line is wrong', whatToDo: 'See `--help` of the command.' },
  config: {
    code: 3,
    meaning: 'The configuration has problems; the report names all of them',
    whatToDo: 'Fix the file as the report says.',
  },
  targetPackage: {
    code: 4,
    meaning: 'A target package is missing, broken or made for another contract version',
    whatToDo: 'Install what the report names; `soar-feed targets` shows what is found.',
  },
  sourceAway: {
    code: 20,
    meaning: 'The source cannot be reached, or fails requests',
    whatToDo: 'Check `host`, `port`, proxy and firewall; try again when the server is up.',
  },
  loginRefused: {
    code: 21,
    meaning: 'The source refused the login',
    whatToDo: 'Check the API key and its secret (or e-mail and password), and its permissions.',
  },
  fileUnreadable: {
    code: 22,
    meaning: 'A file for TLS cannot be read',
    whatToDo: 'Check `cafile`, `client_auth_cert` and `client_auth_key`.',
  },
  tls: {
    code: 23,
    meaning: 'The certificate of the source or its broker is not trusted, or TLS failed',
    whatToDo: 'Set `cafile` to the authority that signed it; use the host name in the certificate.',
  },
  organization: {
    code: 24,
    meaning: 'The organization does not exist, is not chosen, or is disabled for this account',
    whatToDo: 'Set `org` to one of those that the message lists.',
  },
  queueAway: {
    code: 30,
    meaning: 'The message broker cannot be reached, or the queue does not exist',
    whatToDo: 'Check `stomp_host`, `stomp_port` and `[feeds] queue`.',
  },
  queueLoginRefused: {
    code: 31,
    meaning: 'The message broker refused the login',
    whatToDo: 'Check the API key and its secret.',
  },
  queueNotAuthorized: {
    code: 32,
    meaning: 'The account may not read the queue',
    whatToDo: 'Add the account to the users or API keys of the message destination.',
  },
  store: {
    code: 40,
    meaning: 'The state database cannot be used: held by another process, damaged, full, too new, or not writable',
    whatToDo: 'Do as the message says; it names the file or server.',
  },
  storeLogin: {
    code: 41,
    meaning: 'The database server refused the user or password for the state database',
    whatToDo: 'Fix the login in `[feeds] state_db`.',
  },
  storeTls: {
    code: 42,
    meaning: 'TLS to the server of the state database failed',
    whatToDo: 'Check `sslmode` and `sslrootcert` of `[feeds] state_db`, and the certificate of that server.',
  },
  reloadIncomplete: {
    code: 50,
    meaning: 'A reload ended, and something failed, is still parked, or could not be read from the source',
    whatToDo: 'Read the summary and the log, fix the cause, and reload again.',
  },
  nothingDone: {
    code: 51,
    meaning:
      '`parked`, `customize`: no such row is parked, the question was answered with no, or the target refuses to adopt',
    whatToDo: 'Read the message; see `soar-feed parked list`.',
  },
  outputFailed: {
    code: 52,
    meaning: 'The result could not be written, for example because a disk is full',
    whatToDo: 'Write it elsewhere, and discard what was written so far.',
  },
  notFound: {
    code: 53,
    meaning: '`map`, `explain`, `plan`: nothing is known of what was asked for',
    whatToDo: 'Check type and id; `soar-feed map` lists what the mappings hold.',
  },
  drift: {
    code: 54,
    meaning: '`verify`, `repair`: something is not at the target as it is at the source',
    whatToDo: 'Read the report; `soar-feed repair --plan` shows what a repair would write.',
  },
  verifyIncomplete: {
    code: 55,
    meaning: '`verify`: it was interrupted, or something could not be read from the source; so far nothing differs',
    whatToDo: 'Run the same command again: it goes on from there.',
  },
  planFails: {
    code: 56,
    meaning: '`plan`: something would fail; `plan`, `backtest`: something could not be read from the source',
    whatToDo: 'Read what the output says of it.',
  },
  targetDown: {
    code: 60,
    meaning: '`check`, `parked adopt`: the target of a feed cannot be used',
    whatToDo: 'Fix what the line of that feed says.',
  },
  notHealthy: {
    code: 61,
    meaning: '`status`: no host runs, or it cannot do all of its work; `top`, `tap`: no host runs',
    whatToDo: 'See what the status says.',
  },
  notCustomized: {
    code: 62,
    meaning:
      '`customize`: something exists and does not work as the feed needs it, or the organization did not take all',
    whatToDo: 'Fix by hand what the plan marks DIFFERS; read what the platform said.',
  },
  unfit: {
    code: 63,
    meaning: '`doctor`: something would be refused or lost',
    whatToDo: 'Read the findings; each says what follows and what to do.',
  },
} as const satisfies Readonly<Record<string, ExitCode>>;

export type Ending = keyof typeof exitCodes;
