import { readFileSync } from 'node:fs';
import yargs from 'yargs';
import type { OrgOptions } from '../org/OrgOptions.js';
import { demoOrgs } from '../seed/demoOrgs.js';
import { differences, differingOrgs } from '../seed/differences.js';
import type { OrgDifference } from '../seed/differences.js';

export interface SimulatorArguments {
  readonly orgs: OrgOptions[];
  /** How the second org was made to differ from the first. */
  readonly differences: readonly OrgDifference[];
  readonly incidents: number;
  readonly files: number;
  readonly seed: number;
  readonly host: string;
  readonly restPort: number;
  readonly stompPort: number;
  readonly tls: boolean;
  readonly certDir: string | undefined;
  readonly latencyMs: number;
  /** Requests of an org that are served at once; absent: all. */
  readonly capacity: number | undefined;
  /** Operations per second; 0: none. */
  readonly workload: number;
  readonly broker: { url: string; login: string; passcode: string; caFile?: string } | undefined;
  readonly json: boolean;
}

const passcodeVariable = 'SOAR_SIMULATOR_BROKER_PASSCODE';

/**
 * @returns undefined after it has shown the help or the version
 * @throws Error that names the option and says what it accepts
 */
export async function readArguments(
  argv: readonly string[],
  show: (text: string) => void,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<SimulatorArguments | undefined> {
  let shown = false;
  const parsed = await parser().parseAsync([...argv], {}, (error, _argv, output) => {
    if (error) throw error;
    if (output) show(output);
    shown = output !== '';
  });
  if (shown) return undefined;
  const { brokerUrl, brokerLogin, brokerCafile, certDir } = parsed;
  return {
    orgs: orgsOf(parsed).map((org) => (parsed.fresh ? { ...org, feedPackage: false } : org)),
    differences: parsed.differ ? differences : [],
    incidents: wholeNumber('incidents', parsed.incidents),
    files: within('files', parsed.files, 0, 1),
    seed: wholeNumber('seed', parsed.seed),
    host: parsed.host,
    restPort: within('rest-port', wholeNumber('rest-port', parsed.restPort), 0, 65_535),
    stompPort: within('stomp-port', wholeNumber('stomp-port', parsed.stompPort), 0, 65_535),
    tls: parsed.tls,
    certDir,
    latencyMs: wholeNumber('latency-ms', parsed.latencyMs),
    capacity: wholeNumber('capacity', parsed.capacity) || undefined,
    workload: within('workload', parsed.workload, 0, 1_000),
    broker:
      brokerUrl === undefined
        ? undefined
        : {
            url: brokerUrl,
            login: brokerLogin,
            passcode: environment[passcodeVariable] ?? '',
            ...(brokerCafile === undefined ? {} : { caFile: brokerCafile }),
          },
    json: parsed.json,
  };
}

function parser() {
  return yargs()
    .scriptName('soar-simulator')
    .usage(
      '$0 [options]\n\nA fake IBM SOAR platform on this machine: REST, STOMP queue, rules and data.' +
        '\nIt prints how to connect and runs until Ctrl-C (SIGINT or SIGTERM). Nothing is kept.',
    )
    .options({
      orgs: {
        type: 'string',
        describe: 'JSON file with a list of org options; default: a source (201) and a target (202)',
      },
      fresh: {
        type: 'boolean',
        default: false,
        describe: "Orgs without IBM's feed package: no queue, rules or function; they can be imported",
      },
      differ: {
        type: 'boolean',
        default: false,
        describe: 'A target that is like the source except for twenty differences, which are printed',
      },
      incidents: { type: 'number', default: 10, describe: 'Incidents to make in the first org, about 18 objects each' },
      files: { type: 'number', default: 0.1, describe: 'Share of those objects that carry file content, 0 to 1' },
      seed: { type: 'number', default: 1, describe: 'Equal seeds make equal data and equal work' },
      host: { type: 'string', default: '127.0.0.1', describe: 'Address to listen on; the certificate names it' },
      'rest-port': { type: 'number', default: 8443, describe: 'Port of the REST API; 0: any free one' },
      'stomp-port': { type: 'number', default: 65001, describe: 'Port of the message broker; 0: any free one' },
      tls: { type: 'boolean', default: true, describe: 'TLS on both ports; --no-tls for plain HTTP and TCP' },
      'cert-dir': { type: 'string', describe: 'Folder to keep the certificates in (default: a temporary one)' },
      'latency-ms': { type: 'number', default: 0, describe: 'Added to every REST answer' },
      capacity: {
        type: 'number',
        default: 0,
        describe: 'Requests of an org that are served at once, the others wait in line; 0: all',
      },
      workload: {
        type: 'number',
        default: 0,
        describe: 'Random changes a second in the first org, as analysts make them',
      },
      'broker-url': { type: 'string', describe: 'A real ActiveMQ instead of the own broker: stomp+ssl://host:port' },
      'broker-login': {
        type: 'string',
        default: '',
        describe: `Its login; the passcode is read from ${passcodeVariable}`,
      },
      'broker-cafile': { type: 'string', describe: "CA certificate that signed that broker's (PEM)" },
      json: { type: 'boolean', default: false, describe: 'Print the connection facts as one line of JSON' },
    })
    .example('$0', 'Two orgs, ten incidents, on the ports 8443 and 65001')
    .example('$0 --fresh --differ', 'Two orgs that need all that a feed has to set up, and do not fit')
    .example('$0 --cert-dir ~/.soar-simulator', 'Keep the CA: set `cafile` only once')
    .example('$0 --incidents 500 --latency-ms 50', 'A larger org on a slower platform')
    .example('$0 --workload 5', 'Five live changes a second, each with its message')
    .example('$0 --json --rest-port 0 --stomp-port 0', 'For scripts: free ports, the facts on the first line')
    .wrap(110)
    .strict()
    .exitProcess(false)
    .help()
    .alias('h', 'help')
    .version();
}

function orgsOf({ orgs, differ }: { readonly orgs: string | undefined; readonly differ: boolean }): OrgOptions[] {
  if (differ && orgs !== undefined)
    throw new Error('--differ: --orgs says already how the orgs differ; leave one of the two out');
  return differ ? Object.values(differingOrgs()) : readOrgs(orgs);
}

function readOrgs(file: string | undefined): OrgOptions[] {
  if (file === undefined) return Object.values(demoOrgs());
  let orgs: unknown;
  try {
    orgs = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`--orgs: ${file} cannot be read: ${(error as Error).message}`, { cause: error });
  }
  const known = (org: unknown) =>
    typeof org === 'object' && org !== null && 'id' in org && typeof org.id === 'number' && 'name' in org;
  if (!Array.isArray(orgs) || orgs.length === 0 || !orgs.every(known)) {
    throw new Error(`--orgs: ${file} must hold a JSON list of orgs, each at least {"id": 201, "name": "My Org"}`);
  }
  return orgs as OrgOptions[];
}

function wholeNumber(option: string, value: number): number {
  if (Number.isInteger(value) && value >= 0) return value;
  throw new Error(`--${option}: must be a whole number from 0 up`);
}

function within(option: string, value: number, least: number, most: number): number {
  if (value >= least && value <= most) return value;
  throw new Error(`--${option}: must be a number from ${least} to ${most}`);
}
