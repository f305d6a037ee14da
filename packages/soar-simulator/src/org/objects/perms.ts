/** What the caller may do: the simulator lets everybody do everything. Null inside of messages. */
export const incidentPerms = Object.freeze({
  read: true,
  write: true,
  comment: true,
  assign: true,
  close: true,
  change_members: true,
  attach_file: true,
  read_attachments: true,
  delete_attachments: true,
  create_milestones: true,
  list_milestones: true,
  create_artifacts: true,
  list_artifacts: true,
  delete: true,
  change_workspace: true,
});

export const taskPerms = Object.freeze({
  read: true,
  write: true,
  comment: true,
  assign: true,
  close: true,
  change_members: true,
  attach_file: true,
  read_attachments: true,
  delete_attachments: true,
  change_header: true,
});
