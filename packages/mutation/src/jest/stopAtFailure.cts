import type { Circus } from '@jest/types';
import { TestEnvironment } from 'jest-environment-node';

/** The fault that a test of this process noticed last, by Stryker's id. */
let noticed: string | undefined;

/**
 * Node's environment for Jest, which skips all other tests once one has noticed the fault: Jest cannot stop at the first
 * failure when Stryker calls it, and a fault that hangs one test often hangs twenty more, each for the whole of its time.
 */
class StopAtFailure extends TestEnvironment {
  handleTestEvent(event: Circus.AsyncEvent | Circus.SyncEvent): void {
    const fault = this.fault();
    if (fault === undefined) return;
    if (event.name === 'test_done' && event.test.errors.length > 0) noticed = fault;
    if (fault !== noticed) return;
    if (event.name === 'run_describe_start') event.describeBlock.mode = 'skip';
    if (event.name === 'test_start') event.test.mode = 'skip';
  }

  /** `undefined` in the run before any fault is put in. */
  private fault(): string | undefined {
    const { __stryker__: stryker } = this.global as { __stryker__?: { readonly activeMutant?: string } };
    return stryker?.activeMutant;
  }
}

export = StopAtFailure;
