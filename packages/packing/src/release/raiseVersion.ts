const OURS = /^@soar-feed\//;

/**
 * A manifest with our peer dependencies raised to `version`: lerna raises every other kind of dependency, but not
 * peers.
 */
export function raisePeers(manifest: string, version: string): string {
  const read = JSON.parse(manifest) as { readonly peerDependencies?: Readonly<Record<string, string>> };
  const peers = Object.entries(read.peerDependencies ?? {});
  if (!peers.some(([name]) => OURS.test(name))) return manifest;
  const raised = peers.map(([name, wanted]) => [name, OURS.test(name) ? version : wanted]);
  return `${JSON.stringify({ ...read, peerDependencies: Object.fromEntries(raised) }, undefined, 2)}\n`;
}

/** A document with the version in its example manifest raised to `version`. */
export function raiseShown(document: string, version: string): string {
  return document.replace(/("version"|"@soar-feed\/[\w-]+"): "\d[^"]*"/g, (_, key: string) => `${key}: "${version}"`);
}
