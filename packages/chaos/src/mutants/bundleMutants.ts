import type { Mutant } from './Mutant.js';

const TEST = 'resilient-feed/test/bundles.long.test.ts';

/** Ways to misjudge what travels inside the create of an incident. */
export const bundleMutants: readonly Mutant[] = [
  {
    name: 'send the note about the origin without a look, although an unanswered create may have made it',
    file: 'resilient-feed/src/write/create/DefaultNotes.ts',
    find: "if (this.fates.get(incidentId) !== 'send') {",
    replace: 'if (incidentId < 0) {',
    test: 'resilient-feed/test/originNote.long.test.ts',
  },
  {
    name: 'trust a server that does not show the note about the origin',
    file: 'resilient-feed/src/write/create/OriginNote.ts',
    find: "} else this.fate = this.support.isProven('comments') ? 'there' : 'check';",
    replace: "} else this.fate = 'there';",
    test: 'resilient-feed/test/originNote.long.test.ts',
  },
  {
    name: 'forget the intents of a bundle: send it with the intent of its incident alone',
    file: 'resilient-feed/src/write/create/CreateOnce.ts',
    find: 'return [intent, ...(along?.intents ?? [])];',
    replace: 'return [intent, ...(along?.intents ?? []).slice(0, 0)];',
    test: TEST,
  },
  {
    name: 'link an object of a bundle with the twin of another',
    file: 'resilient-feed/src/write/create/pairUp.ts',
    find: 'const target = findTwin(one.intent, shown, taken, since);',
    replace:
      'const target = shown.filter((other) => !taken.has(other.target.objectId) && since(0) <= 0 && !!findTwin).at(-1);',
    test: TEST,
  },
  {
    name: 'count a bundle as taken although the target shows none of it',
    file: 'resilient-feed/src/write/create/Unpacking.ts',
    find: "else support.notTaken(kind, 'ignored');",
    replace: 'else support.taken(kind);',
    test: TEST,
  },
  {
    name: 'take the first reading for the whole truth: what the target makes of a bundle may appear late',
    file: 'resilient-feed/src/write/create/Unpacking.ts',
    find: 'await clock.sleep(LATE_MS, job.signal);',
    replace: 'void clock;',
    test: TEST,
  },
  {
    name: 'forget the delete of an object that went inside a create without an answer',
    file: 'resilient-feed/src/replicate/LookUp.ts',
    find: 'if (open && this.mayBeInUnanswered(event, known)) return { waitFor: incidentKey(event.key) };',
    replace: 'void this.mayBeInUnanswered;',
    test: TEST,
  },
  {
    name: 'send along what is parked',
    file: 'core/src/delivery/Gate.ts',
    find: 'if (this.mustStayBehind(event)) return false;',
    replace: '',
    test: 'core/test/delivery/following.test.ts',
  },
];
