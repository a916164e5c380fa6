export { durableExtension, TRANSFORM_VERSION } from './extension.ts';
export { transformFile, type TransformedFile } from './transform-file.ts';
