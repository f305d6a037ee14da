/**
 * A file's name without the escapes of an upload (`%22` for a quote, `%0D`, `%0A`). It is unconfirmed whether servers
 * undo them, so names are compared without.
 */
export function plainUploadName(name: string): string {
  return name.replaceAll('%22', '"').replaceAll('%0D', '\r').replaceAll('%0A', '\n');
}
