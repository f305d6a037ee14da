import type { Behaviour } from '../behaviour/Behaviour.js';
import { constantOptions } from '../org/schema/builtInOptions.js';

/** The parts of `/rest/const` that clients use, as a v47 server gives them. */
export function constBody({
  maxAttachmentMb,
  maxArtifactMb,
  maxArtifacts,
  maxPageSize,
}: Behaviour): Record<string, unknown> {
  return {
    server_version: { major: 47, minor: 0, build_number: 8304, version: '47.0.8304' },
    incident_statuses: named('incidentStatuses'),
    task_statuses: named('taskStatuses'),
    crime_statuses: named('crimeStatuses'),
    harm_statuses: named('harmStatuses'),
    data_formats: named('dataFormats'),
    gdpr_risk_types: named('gdprRisks'),
    nist_attack_vectors: named('nist'),
    max_attachment_mb: maxAttachmentMb,
    max_artifact_mb: maxArtifactMb,
    max_artifacts: maxArtifacts,
    max_img_mb: 5,
    max_page_size: maxPageSize,
    min_session_timeout: 300,
    max_session_timeout: 86_400,
    actions_framework: {
      enabled: true,
      destination_types: { 0: 'Queue', 1: 'Topic' },
      action_types: { 0: 'Automatic', 1: 'Manual' },
      action_object_types: {
        0: 'Incident',
        1: 'Task',
        2: 'Note',
        3: 'Milestone',
        4: 'Artifact',
        5: 'Attachment',
        13: 'Email Message',
      },
      action_invocation_statuses: { 0: 'Complete', 1: 'Pending', 2: 'Error', 3: 'Timed Out' },
      action_invocation_message_types: { 0: 'Information', 1: 'Error', 2: 'Warning' },
    },
  };
}

function named(set: string): Record<string, unknown> {
  return Object.fromEntries((constantOptions[set] ?? []).map(([id, name]) => [id, { id, name, enabled: true }]));
}
