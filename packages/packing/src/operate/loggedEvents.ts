import ts from 'typescript';
import { descend, nameOf } from './sources.js';

const LEVELS = ['error', 'warn', 'info', 'debug'];

/**
 * The events that the sources log, by name, with the levels of the calls that log them. A level is missing where the
 * object with the `event` is made outside of the call.
 */
export function loggedEvents(files: readonly ts.SourceFile[]): ReadonlyMap<string, ReadonlySet<string>> {
  const events = new Map<string, Set<string>>();
  for (const file of files) {
    descend(file, (node) => {
      if (!ts.isPropertyAssignment(node) || nameOf(node) !== 'event' || !ts.isStringLiteral(node.initializer)) return;
      const levels = events.get(node.initializer.text) ?? new Set();
      for (const level of levelsAround(node)) levels.add(level);
      events.set(node.initializer.text, levels);
    });
  }
  return events;
}

/**
 * The levels of the call that takes an object as an argument: of `log.warn(…)`, or `log[first ? 'warn' : 'debug'](…)`.
 */
function levelsAround(node: ts.Node): readonly string[] {
  const call = ts.findAncestor(node, ts.isCallExpression);
  if (call === undefined) return [];
  const { expression } = call;
  const named: string[] = [];
  if (ts.isPropertyAccessExpression(expression)) named.push(expression.name.text);
  if (ts.isElementAccessExpression(expression))
    descend(expression.argumentExpression, (part) => {
      if (ts.isStringLiteral(part)) named.push(part.text);
    });
  return named.filter((level) => LEVELS.includes(level));
}
