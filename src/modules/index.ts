export { createBuilder } from './builder.ts';
export type { Builder, BuilderOptions } from './builder-types.ts';
export type { Build, FileArtefacts } from './build-object.ts';
export type { FileExtension } from './file-extension.ts';
export { functionOrder } from './function-order.ts';
export { functionTable } from './function-table.ts';
export { findOwnPackage, type OwnPackage } from './own-package.ts';
export { parseText } from './parse.ts';
export { decodeMappings, lineStarts, originFinder, parseMap, placeIn, type Place } from './source-map.ts';
