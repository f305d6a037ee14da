import { currentRunner } from '../runner/currentRunner.js';
import { recordingLogger } from '../recordingLogger.js';
import type { FeedTargetCase, TargetBench } from './FeedTargetCase.js';
import { missing } from './needs.js';
import { ReportBook, reportText } from './TargetReport.js';
import type { TargetReport } from './TargetReport.js';
import type { TargetScenario } from './TargetScenario.js';
import { TargetSubject } from './TargetSubject.js';
import { targetScenarios } from './targetScenarios.js';
import { traitsOf } from './traitsOf.js';

/**
 * Tests everything that the contract promises about a `FeedTarget`, under whichever test runner this process is. The
 * capabilities, and what the case can do to the destination, decide which tests run; at the end, a report says which
 * held, and which were skipped and why.
 */
export function describeFeedTarget<Bench extends TargetBench>(options: FeedTargetCase<Bench>): void {
  const { runner = currentRunner, report = print, timeoutMs } = options;
  const traits = traitsOf(options);
  const book = new ReportBook(options.name);

  runner.describe(`FeedTarget: ${options.name}`, () => {
    let bench: Bench | undefined;
    let subject: TargetSubject;

    runner.beforeEach(async () => {
      bench = undefined;
      const log = recordingLogger();
      bench = await options.make(log);
      // Safe for every type of bench: the case's functions only ever get what its own `make` made.
      subject = new TargetSubject(bench, options as unknown as FeedTargetCase<TargetBench>, log);
    });

    runner.afterEach(async () => {
      try {
        await subject?.closeAll();
      } finally {
        await bench?.dispose();
      }
    });

    const last = runner.afterAll ?? runner.after;
    last?.(async () => report(book.report));

    const test = (room: string, scenario: TargetScenario): void => {
      const { name, run } = scenario;
      book.note(scenario, { room, name, result: 'not run' });
      const body = async (): Promise<void> => {
        book.note(scenario, { room, name, result: 'failed' });
        await run(subject);
        book.note(scenario, { room, name, result: 'held' });
      };
      if (timeoutMs === undefined) runner.it(name, body);
      else runner.it(name, body, timeoutMs);
    };

    for (const [room, scenarios] of Object.entries<readonly TargetScenario[]>(targetScenarios)) {
      const chosen: TargetScenario[] = [];
      for (const scenario of scenarios) {
        const why = missing(scenario.needs, traits);
        if (why === undefined) chosen.push(scenario);
        else book.note(scenario, { room, name: scenario.name, result: 'skipped', why });
      }
      if (chosen.length > 0) runner.describe(room, () => chosen.forEach((scenario) => test(room, scenario)));
    }
  });
}

function print(report: TargetReport): void {
  process.stderr.write(reportText(report));
}
