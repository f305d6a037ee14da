import { ownUuid } from '../ownUuid.js';
import type { Piece } from '../Piece.js';

/** The queue that the rules fill and the host reads. Who may read it is added after the import, as IBM's client does. */
export function destinationPiece(queue: string): Piece {
  return {
    kind: 'destination',
    name: queue,
    list: 'message_destinations',
    entry: {
      api_keys: [],
      destination_type: 0,
      expect_ack: true,
      export_key: queue,
      name: queue,
      programmatic_name: queue,
      tags: [],
      users: [],
      uuid: ownUuid(`destination/${queue}`),
    },
    decisive: ['destination_type', 'expect_ack'],
  };
}
