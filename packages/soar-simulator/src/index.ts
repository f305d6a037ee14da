export type { Behaviour } from './behaviour/Behaviour.js';
export { likeliest } from './behaviour/Behaviour.js';
export { randomBundling } from './behaviour/randomBundling.js';
export { switchPositions } from './behaviour/positions.js';
export type {
  DumpArtifact,
  DumpAttachment,
  DumpField,
  DumpFile,
  DumpIncident,
  DumpNote,
  DumpObject,
  DumpRow,
  DumpSchema,
  DumpTask,
  DumpType,
  OrgDump,
} from './dump/OrgDump.js';
export type { CensusEntry } from './dump/census.js';
export type { ArtifactChanges, ArtifactDto, ArtifactFileDto, ArtifactInput } from './org/dto/ArtifactDto.js';
export type { AttachmentDto } from './org/dto/AttachmentDto.js';
export type { FileInput, Handle, PrincipalDto, RichText, UserDto } from './org/dto/common.js';
export type { IncidentChanges, IncidentDto, IncidentInput } from './org/dto/IncidentDto.js';
export type { MilestoneDto, MilestoneInput } from './org/dto/MilestoneDto.js';
export type { NoteDto, ParentRef } from './org/dto/NoteDto.js';
export type { CellDto, RowDto } from './org/dto/RowDto.js';
export type { TaskChanges, TaskDto, TaskInput } from './org/dto/TaskDto.js';
export type {
  ApiKeyOptions,
  AutoTaskOptions,
  DestinationOptions,
  FunctionOptions,
  GroupOptions,
  OrgOptions,
  UserOptions,
} from './org/OrgOptions.js';
export type {
  ArtifactTypeOptions,
  FieldOptions,
  InputType,
  OptionOptions,
  SchemaOptions,
  TableOptions,
} from './org/SchemaOptions.js';
export type { Labels, OrgBackup, SimOrg, WriteOptions } from './org/SimOrg.js';
export type { Fault, FaultOptions, Faults, GatewayAnswer } from './faults/Faults.js';
export { optionalReadings } from './faults/optionalReadings.js';
export { readJson } from './json/readJson.js';
export { writeJson } from './json/writeJson.js';
export type { HeardWrite, RequestCounters, RequestLogEntry } from './requests/RequestCounters.js';
export type { Invocation } from './rules/Invocation.js';
export type { RuleInfo } from './rules/RuleInfo.js';
export type { Simulator, SimulatorOptions } from './Simulator.js';
export type { Broker, BrokerAuth, BrokerReply, QueueMessage, SavedMessage } from './stomp/Broker.js';
export { PlatformError } from './org/PlatformError.js';
export { startSimulator } from './startSimulator.js';
export { demoOrgs } from './seed/demoOrgs.js';
export { differences, differingOrgs } from './seed/differences.js';
export type { OrgDifference } from './seed/differences.js';
export { seedIncidents, withoutRules } from './seed/seedIncidents.js';
export { runWorkload } from './workload/runWorkload.js';
export type { SeedOptions, SeedSummary } from './seed/seedIncidents.js';
export type { WorkloadOptions } from './workload/runWorkload.js';
export { compareOrgs } from './compare/compareOrgs.js';
export { inherentDifferences } from './compare/inherentDifferences.js';
export type { CompareOptions } from './compare/CompareOptions.js';
export type { Comparison, Difference, Finding, TypeCount } from './compare/Comparison.js';
export type { InherentDifference } from './compare/inherentDifferences.js';
export { Random } from './seed/Random.js';
export { randomOperation } from './workload/randomOperation.js';
export { writeThreads } from './workload/writeThreads.js';
