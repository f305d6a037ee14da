export interface Meaning {
  readonly text: string;
  /** Given where the source does not show the level beside the event. */
  readonly levels?: readonly string[];
}

const means = (text: string, ...levels: string[]): Meaning => (levels.length === 0 ? { text } : { text, levels });

/**
 * What each event of the log tells an operator. A test checks that these are exactly the events that the source logs.
 */
export const meanings: ReadonlyMap<string, Meaning> = new Map([
  ['config.warning', means('A setting has no effect, or may be a slip')],
  ['config.unknown-name', means('The config names something that the source does not have')],
  ['host.ready', means('The feeds are open and the queue is subscribed: changes are processed from here on')],
  ['host.stopping', means('A signal asked the host to stop')],
  ['host.stopped', means('Everything is closed')],
  ['host.hangup', means('SIGHUP came and is ignored')],
  ['door.failed', means('Commands or monitoring cannot reach this host; it runs without them')],
  ['queue.up', means('The queue is subscribed')],
  ['queue.down', means('The connection to the queue was lost; the host reconnects')],
  ['queue.failed', means('The broker refused the queue for good; the host ends')],
  ['feed.up', means('The target is open')],
  ['feed.down', means('The target went away; events are parked until it is back')],
  ['feed.open-failed', means('The target cannot be opened; it is tried again with back-off', 'error', 'debug')],
  ['file.compress-failed', means('A closed file could not be compressed; the next start tries again')],
  ['kafka.topics-missing', means('Topics that the section names do not exist; the first message may make them')],
  ['sql.table-made', means('A table was made for a type of the source')],
  ['sql.table-changed', means('A table follows its type: columns were added or widened')],
  ['sql.table-full', means('The engine takes no more columns; the values of further fields are kept in `more_fields`')],
  ['sql.table-taken', means('A table of that name belongs to something else; nothing is written to it')],
  ['sql.view-failed', means('A view could not be made; the feed goes on without it')],
  ['sql.no-foreign-key', means('A foreign key could not be made; the table goes on without it')],
  ['feed.lagging', means('The feed parks further events, so that no other feed waits for it')],
  ['feed.caught-up', means('The feed has delivered what it parked while it lagged')],
  ['parked', means('An event failed for good and became a dead letter; `code` says why')],
  ['parked.raw', means('A message could not be decoded; it is kept as it came')],
  ['reload.started', means('A reload began')],
  ['reload.progress', means('How far a reload is')],
  ['reload.finished', means('A reload ended; counts per type and feed')],
  ['reload.failed', means('A reload could not list the incidents')],
  ['reload.fault', means('Something could not be read from the source; the reload goes on and ends with exit code 50')],
  ['reload.deletes-refused', means('More objects are gone than `reconcile_max_deletes` allows: nothing was deleted')],
  [
    'replay.waits',
    means('Parked rows cannot be read again, because the source is away; one warning per outage', 'warn', 'debug'),
  ],
  ['replay.goes-on', means('Parked rows can be read again; `times` counts the failed tries')],
  [
    'source.waits',
    means('The source does not give what an event needs; the event waits, and no try is counted', 'warn', 'debug'),
  ],
  ['source.unread', means('The source does not give an optional reading; the host uses its default')],
  [
    'source.set-back',
    means('Versions at the source went back, as after a restored backup: its database wins', 'warn', 'debug'),
  ],
  ['types.down', means('The types of the source cannot be read; the last ones stay in use')],
  ['types.up', means('The types of the source can be read again')],
  ['store.down', means('The state database takes no rows; no message is acknowledged')],
  ['store.up', means('The state database takes rows again')],
  ['store.memory', means('The state is in memory only; never with the command `soar-feed`')],
  ['filter.unknown-field', means('A filter names a field that incidents do not have')],
  ['target.differences', means('What the target organization lacks, or requires beyond the source; logged at opening')],
  ['target.differences-unknown', means('The source does not give its types, so the differences cannot be determined')],
  ['target.loss', means('The target organization cannot take a value; logged once per kind')],
  ['target.losses', means('How often each kind of value was lost; logged at closing')],
  ['target.loop', means('A feed in the opposite direction sent an incident back; see loops.md of resilient-feed')],
  ['target.missing', means('Somebody deleted an object in the target; `on_target_missing` decides what happens')],
  [
    'target.reading-failed',
    means('A list of the target cannot be read; grant the permission, or accept what the line says'),
  ],
  ['target.reading-back', means('That list can be read again')],
  ['target.refound', means('An incident of the target was recognized as the counterpart and is continued')],
  ['target.retries-taken', means("The pending retries of IBM's feed were taken over")],
  ['target.strays', means('The target has incidents that look like replicas but are not in the mapping')],
  [
    'target.workspace-refused',
    means('The key may not move incidents between workspaces; the rest of the change was made'),
  ],
]);
