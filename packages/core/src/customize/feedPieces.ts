import type { ConfigurationDto } from '@soar-feed/soar-client';
import { DATA_TABLE_KIND } from '../contract/TypeSchema.js';
import { entriesOf } from './entries.js';
import { judge } from './judge.js';
import type { Piece } from './Piece.js';
import { destinationPiece } from './pieces/destinationPiece.js';
import { functionPiece, inputPieces } from './pieces/functionPieces.js';
import { playbookPiece } from './pieces/playbookPiece.js';
import { rulePieces } from './pieces/rulePieces.js';
import type { TableName } from './pieces/rulePieces.js';

/** Everything the source needs, in the order in which it is made. It refers to what the organization has already. */
export function feedPieces(queue: string, configuration: ConfigurationDto, emails: boolean): readonly Piece[] {
  const inputs = inputPieces();
  const called = functionPiece(
    queue,
    inputs.map((piece) => uuidIn(configuration, piece)),
  );
  return [
    destinationPiece(queue),
    ...rulePieces(queue, tablesOf(configuration), emails),
    ...inputs,
    called,
    playbookPiece(uuidIn(configuration, called)),
  ];
}

function tablesOf(configuration: ConfigurationDto): readonly TableName[] {
  return entriesOf(configuration, 'types').flatMap(({ type_id: kind, type_name: name, display_name: label }) =>
    kind === DATA_TABLE_KIND && typeof name === 'string'
      ? [{ name, label: typeof label === 'string' ? label : name }]
      : [],
  );
}

function uuidIn(configuration: ConfigurationDto, piece: Piece): string {
  return String((judge(piece, configuration)?.entry ?? piece.entry)['uuid']);
}
