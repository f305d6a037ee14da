import { createHash } from 'node:crypto';
import type { TranspileOutput } from 'typescript';
import ts from 'typescript';

const compilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  sourceMap: true,
  inlineSources: true,
  isolatedModules: true,
  experimentalDecorators: true,
};

/** A transformer for Jest: TypeScript without its types, by the author's own compiler. The build checks the types. */
export default {
  process(sourceText: string, sourcePath: string): { readonly code: string; readonly map: string } {
    const made: TranspileOutput = ts.transpileModule(sourceText, { fileName: sourcePath, compilerOptions });
    return { code: made.outputText, map: made.sourceMapText ?? '' };
  },
  getCacheKey(sourceText: string, sourcePath: string): string {
    return createHash('sha256').update(`${ts.version}\0${sourcePath}\0${sourceText}`).digest('hex').slice(0, 32);
  },
};
