import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** Every source file of the packages that go to npm, parsed. */
export function parseSources(folders: readonly string[]): readonly ts.SourceFile[] {
  return folders.flatMap((folder) => {
    const names = readdirSync(join(folder, 'src'), { recursive: true, encoding: 'utf8' });
    return names.filter((name) => name.endsWith('.ts')).map((name) => parse(join(folder, 'src', name)));
  });
}

export function parse(file: string): ts.SourceFile {
  return ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
}

/** The name of a property, as it is written in an object. */
export function nameOf(property: ts.ObjectLiteralElementLike): string | undefined {
  const { name } = property;
  return name !== undefined && (ts.isIdentifier(name) || ts.isStringLiteral(name)) ? name.text : undefined;
}

export function descend(node: ts.Node, look: (node: ts.Node) => void): void {
  look(node);
  node.forEachChild((child) => descend(child, look));
}
