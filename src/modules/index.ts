export { createBuilder } from './builder.ts';
export type { Builder, BuilderOptions, BuilderStats } from './builder-types.ts';
export type { Build, FileArtefacts } from './build-object.ts';
export type { Closure, MissingModule, NativeModule } from './closure-types.ts';
export type { ExtraArtefacts, FileExtension, ParsedFile } from './file-extension.ts';
export { functionOrder, isClassNode, isFunctionNode, type ClassNode, type FunctionNode, type OrderedNode } from './function-order.ts';
export { decodeMappings, encodeMap, originFinder, type OriginFinder, type Place, type RawSourceMap } from './source-map.ts';
