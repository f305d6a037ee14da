/** Core's first door: the contract, all that the author of a target must know. The engine stands behind `./runtime`. */
import 'reflect-metadata';

export { CONTRACT, defineFeedTarget } from './contract/FeedTargetPackage.js';
export { classifyHttpStatus } from './contract/classifyHttpStatus.js';
export {
  ConfigError,
  DecodeError,
  FeedError,
  PermanentError,
  RetryableError,
  StoppingError,
  StoreError,
  TargetLoadError,
  UnavailableError,
} from './contract/errors.js';
export { incidentKey, isIncident, keyText } from './contract/ObjectKey.js';
export { resyncKey } from './contract/FeedStore.js';
export { connectionFields, toConnection, withConnectionRules } from './config/connectionFields.js';
export { didYouMean } from './config/didYouMean.js';
export { namingKeys } from './config/namingKeys.js';
export { uncheckedServer } from './config/uncheckedServer.js';
export { field } from './config/field.js';
export { parseJson, surroundings, writeJson } from '@soar-feed/soar-client';
export { matchesWildcard } from './config/matchesWildcard.js';
export { rawValues } from './config/RawValues.js';
export { readExclusions } from './config/readExclusions.js';
export { validateSection } from './config/validateSection.js';
export { flatten } from './shape/flatten.js';
export { hasChanged } from './shape/hasChanged.js';
export { mayBeBrandNew } from './shape/mayBeBrandNew.js';
export { ownValue } from './shape/ownValue.js';
export { pythonIsoUtc, pythonJson } from './shape/pythonText.js';
export { TIME_SERIES, timeSeriesColumns } from './shape/timeSeriesColumns.js';
export { toTypeSchema } from './shape/toTypeSchema.js';
export { compareStamps, snapshotOf, stampOf } from './lanes/freshness.js';
export { ENDINGS, endedWith, marksOf, rearmed, replacing, whyInDoubt } from './parking/endings.js';
export { judgeParked } from './parking/judgeParked.js';
export { mayBeOfTask, mayLeave } from './hierarchy/hierarchy.js';
export { Replies } from './hierarchy/Replies.js';
export { rowsBelow } from './hierarchy/rowsBelow.js';
export { taskIdOf } from './hierarchy/taskOf.js';
export { FeedTokens } from './contract/tokens.js';
export { DATA_TABLE_KIND, EMAIL_TYPE, isDataTable, isEmail } from './contract/TypeSchema.js';

export { z } from 'zod';

export type { ConnectionSection } from './config/connectionFields.js';
export type { FieldOptions, FieldType } from './config/field.js';
export type { RawValue, RawValues } from './config/RawValues.js';
export type { SectionResult, ValidateOptions } from './config/validateSection.js';
export type { FlatRow } from './shape/flatten.js';
export type { FlatValue } from './shape/translateValue.js';
export type { HttpVerdict } from './contract/classifyHttpStatus.js';
export type { Clock } from './contract/Clock.js';
export type { DeliveryOutcome, DeliveryResult } from './contract/DeliveryResult.js';
export type { ConfigIssue, FeedErrorKind, FeedErrorOptions } from './contract/errors.js';
export type { ContentHandle, FeedEvent, SoarObject } from './contract/FeedEvent.js';
export type { FieldTime } from './contract/FieldTime.js';
export type {
  AppliedObject,
  Checkpoint,
  CheckpointStore,
  EventOutcome,
  FeedStore,
  IncidentRange,
  LastApplied,
  Outcome,
  OutcomeStore,
  OutcomeTotals,
  ParkedCount,
  ParkedEvent,
  ParkedFailure,
  ParkedFilter,
  ParkedRaw,
  ParkedStore,
  ParkMarks,
  ParkReason,
  ParkState,
  RawMessage,
  SettledObject,
  Settlement,
  SettlementStore,
  Stamp,
  StoreOpenOptions,
  TouchedIncident,
} from './contract/FeedStore.js';
export type {
  DeliverContext,
  FeedTarget,
  OpenContext,
  ParkedObject,
  TargetCapabilities,
  TargetHealth,
} from './contract/FeedTarget.js';
export type {
  Comparison,
  DifferentField,
  IncidentView,
  RecordFilter,
  TargetInsight,
  TargetRecord,
} from './contract/TargetInsight.js';
export type { PlannedField, PlannedRequest, Rehearsal } from './contract/Rehearsal.js';
export type { Examination, ExamineContext, Finding, Gravity } from './contract/Examination.js';
export type { FilterVerdict, IncidentFilter, OtherFilter } from './contract/IncidentFilter.js';
export type { FeedTargetPackage } from './contract/FeedTargetPackage.js';
export type { Snapshot } from './lanes/freshness.js';
export type { StandingRow } from './parking/judgeParked.js';
export type { ParkedPlace } from './hierarchy/rowsBelow.js';
export type { LogFields, Logger } from './contract/Logger.js';
export type { MetricLabels, Metrics } from './contract/Metrics.js';
export type { ObjectKey } from './contract/ObjectKey.js';
export type { SourceOrg } from './contract/SourceOrg.js';
export type { FieldSchema, SelectOption, TypeSchema } from './contract/TypeSchema.js';
