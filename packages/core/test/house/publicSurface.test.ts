import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { publishedPackages } from './packages.js';

/** The names that a door exports, types included: other people's code depends on them. */
function exportedNames(file: string): readonly string[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest);
  return source.statements.flatMap(namesOf).sort();
}

function namesOf(statement: ts.Statement): readonly string[] {
  if (ts.isExportAssignment(statement)) return ['default'];
  if (ts.isExportDeclaration(statement)) {
    const clause = statement.exportClause;
    // "export *" would export whatever a file happens to export.
    if (clause === undefined || !ts.isNamedExports(clause)) return ['*'];
    return clause.elements.map((element) => element.name.text);
  }
  const isExported =
    ts.canHaveModifiers(statement) &&
    ts.getModifiers(statement)?.some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword);
  if (isExported !== true) return [];
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.map((declaration) => declaration.name.getText());
  const { name } = statement as ts.DeclarationStatement;
  return name === undefined ? ['default'] : [(name as ts.Identifier).text];
}

const doors = publishedPackages().flatMap(({ folder, manifest }) =>
  Object.entries(manifest.exports ?? {}).flatMap(([door, target]) =>
    typeof target === 'string'
      ? []
      : [
          {
            door: manifest.name + door.slice(1),
            file: join(folder, (target.default ?? '').replace('./dist/', 'src/').replace(/\.js$/, '.ts')),
          },
        ],
  ),
);

// Users of the packages notice a change here, so it belongs in the changelog.
describe('the public surface', () => {
  it.each(doors)('of $door is what it was', ({ file }) => {
    const names = exportedNames(file);
    expect(names).not.toContain('*');
    expect(names).toMatchSnapshot();
  });
});
