/** Tools to test a target or a store of your own. */
export { aDelete, anArtifact, anAttachment, anIncident, aNote, aRow, aTask } from './events/builders.js';
export { buildEvent } from './events/buildEvent.js';
export { deepFreeze } from './events/deepFreeze.js';
export { schemas } from './events/schemas.js';
export { fakeClock } from './fakeClock.js';
export { recordingLogger } from './recordingLogger.js';
export { describeFeedStore } from './store/describeFeedStore.js';
export { describeFeedTarget } from './target/describeFeedTarget.js';
export { hasActiveMq, startActiveMq } from './services/startActiveMq.js';
export { hasPgbouncer, startPgbouncer } from './services/startPgbouncer.js';
export { hasPostgres, startPostgres } from './services/startPostgres.js';
export { tempFolder } from './tempFolder.js';

export type { AttachmentOptions } from './events/builders.js';
export type { EventOptions } from './events/EventOptions.js';
export type { FakeClock } from './fakeClock.js';
export type { LogLine, RecordingLogger } from './recordingLogger.js';
export type { FeedStoreCase, StoreUnderTest } from './store/describeFeedStore.js';
export type { ActiveMq, ActiveMqOptions } from './services/startActiveMq.js';
export type { Pgbouncer } from './services/startPgbouncer.js';
export type { Postgres } from './services/startPostgres.js';
export type { FeedTargetCase, ObjectPlace, Silence, TargetBench } from './target/FeedTargetCase.js';
export type { TempFolder } from './tempFolder.js';
