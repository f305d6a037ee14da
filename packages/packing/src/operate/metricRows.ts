import { join } from 'node:path';
import ts from 'typescript';
import { REPOSITORY } from '../repository.js';
import { descend, nameOf, parse } from './sources.js';

export interface MetricRow {
  readonly name: string;
  readonly labels: readonly string[];
  /** The comment above its name in the source. */
  readonly meaning: string;
}

/** Core's metrics, as its source defines them. */
export function metricRows(): readonly MetricRow[] {
  const file = parse(join(REPOSITORY, 'packages/core/src/telemetry/metrics.ts'));
  const labels = labelsByKey(file);
  return propertiesOf(file, 'metricNames').flatMap((property) => {
    const key = nameOf(property);
    if (key === undefined || !ts.isPropertyAssignment(property) || !ts.isStringLiteral(property.initializer)) return [];
    const comment = ts.getJSDocCommentsAndTags(property).map((doc) => ts.getTextOfJSDocComment(doc.comment) ?? '');
    return [{ name: property.initializer.text, labels: labels.get(key) ?? [], meaning: comment.join(' ') }];
  });
}

/** By the key of `metricNames`. */
function labelsByKey(file: ts.SourceFile): ReadonlyMap<string, readonly string[]> {
  const specs = propertiesOf(file, 'SPECS').map((property) => {
    const key = /^\[metricNames\.(\w+)\]$/.exec(property.name?.getText() ?? '')?.[1] ?? '';
    const labels: string[] = [];
    descend(property, (node) => {
      if (ts.isPropertyAssignment(node) && nameOf(node) === 'labels')
        descend(node.initializer, (part) => void (ts.isStringLiteral(part) && labels.push(part.text)));
    });
    return [key, labels] as const;
  });
  return new Map(specs);
}

/** The properties of the object that a constant of the file holds. */
function propertiesOf(file: ts.SourceFile, constant: string): readonly ts.ObjectLiteralElementLike[] {
  let found: readonly ts.ObjectLiteralElementLike[] = [];
  descend(file, (node) => {
    if (!ts.isVariableDeclaration(node) || node.name.getText() !== constant || node.initializer === undefined) return;
    const value = ts.isAsExpression(node.initializer) ? node.initializer.expression : node.initializer;
    if (ts.isObjectLiteralExpression(value)) found = value.properties;
  });
  return found;
}
