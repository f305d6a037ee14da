/** A connection that was not established in time, or was silent for too long during a request. */
export class TimedOut extends Error {}
