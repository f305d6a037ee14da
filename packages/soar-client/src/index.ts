export { SoarClient } from './SoarClient.js';
export { parseJson } from './json/parseJson.js';
export { writeJson } from './json/writeJson.js';
export type { Dial } from './connect/Dial.js';
export type { ConnectOptions } from './connect/ConnectOptions.js';
export type { ServerClock } from './connect/ServerClock.js';
export type { ProxyConnection, SoarConnection, StompConnection } from './connect/SoarConnection.js';

export { Line, Turns } from './limit/Line.js';
export { ServerLimits } from './limit/ServerLimits.js';
export type { LimitedServer } from './limit/ServerLimits.js';
export type { ServerBounds, ServerFigures } from './limit/ServerLimit.js';
export type { Admission, Answered, Pass } from './limit/Admission.js';
export { markYielding } from './limit/yielding.js';

export { after } from './timers/after.js';
export { onAbort } from './timers/onAbort.js';
export { within } from './timers/within.js';
export type { GivenUp } from './timers/within.js';
export { SoarApiError } from './rest/SoarApiError.js';
export type { SoarApiErrorFacts } from './rest/SoarApiError.js';
export type { CallOptions, WriteOptions } from './rest/CallOptions.js';
export type { FileContent, FileInput } from './rest/FileContent.js';
export type { Answer } from './rest/HttpLine.js';
export type { Interceptor } from './rest/Interceptor.js';
export type { RepeatInfo } from './rest/repeatWhileSafe.js';
export type { RestOptions, RestWriteOptions, SoarRest } from './rest/SoarRest.js';
export type { SoarRequest } from './rest/SoarRequest.js';

export type { Artifacts } from './resources/Artifacts.js';
export type { ArtifactTypes } from './resources/ArtifactTypes.js';
export type { Attachments } from './resources/Attachments.js';
export type { Configurations } from './resources/Configurations.js';
export type { DataTables } from './resources/DataTables.js';
export type { Groups } from './resources/Groups.js';
export type { IncidentQuery, Incidents } from './resources/Incidents.js';
export type { IncidentTypes } from './resources/IncidentTypes.js';
export type { MessageDestinations } from './resources/MessageDestinations.js';
export type { Milestones } from './resources/Milestones.js';
export type { Notes } from './resources/Notes.js';
export type { ParentRef } from './resources/ParentRef.js';
export type { Phases } from './resources/Phases.js';
export type { ChildrenQuery, Search } from './resources/Search.js';
export type { Tasks } from './resources/Tasks.js';
export type { Timers } from './resources/Timers.js';
export type { Types } from './resources/Types.js';
export type { Users } from './resources/Users.js';
export type { Workspaces } from './resources/Workspaces.js';

export { replaceSurroundings, surroundings } from './surroundings.js';
export type { Surroundings } from './surroundings.js';
export { SoarQueue } from './stomp/SoarQueue.js';
export { ReplyType } from './stomp/QueueMessage.js';
export type { ActionReply, QueueMessage } from './stomp/QueueMessage.js';
export type { QueueLog, QueueOptions, QueueState } from './stomp/QueueState.js';

export type { ArtifactDto } from './model/ArtifactDto.js';
export type { AttachmentDto } from './model/AttachmentDto.js';
export type { ConfigurationDto, ImportDto } from './model/ConfigurationDto.js';
export type {
  ArtifactTypeDto,
  GroupDto,
  IncidentTypeDto,
  MessageDestinationDto,
  PhaseDto,
  UserDto,
  WorkspaceDto,
} from './model/directory.js';
export type { IncidentDto } from './model/IncidentDto.js';
export type { MilestoneDto } from './model/MilestoneDto.js';
export type { NoteDto } from './model/NoteDto.js';
export type { Org, Principal } from './model/Org.js';
export type { FieldFailure, PatchChange, PatchStatus, PatchValue } from './model/PatchDto.js';
export type { QueryCondition, QueryMethod, ReturnLevel } from './model/QueryDto.js';
export type { SearchResult, SearchType } from './model/SearchDto.js';
export type { Handle, PrincipalDto, RichText, SoarObject } from './model/SoarObject.js';
export type { TimerDto } from './model/TimerDto.js';
export type { CellDto, CellInput, RowDto, TableDto } from './model/TableDto.js';
export type { TaskDto } from './model/TaskDto.js';
export type { FieldDto, FieldValueDto, TypeDto } from './model/TypeDto.js';
export { requestChannel } from './rest/requestChannel.js';
export type { TracedRequest } from './rest/requestChannel.js';
