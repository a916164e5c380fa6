import type { FileExtension } from '../../modules/file-extension.ts';
import { transformFile } from './transform-file.ts';

/** Changes with every change of what is emitted: files built by another version are built again. */
export const TRANSFORM_VERSION = 'transform-3';

/** Makes the builder write the module function of every user file beside its lowered text: `module.js`, its map, and fields of the table. */
export function durableExtension(): FileExtension {
  return {
    version: TRANSFORM_VERSION,
    fileNames: ['module.js', 'module.js.map'],
    extend(file) {
      const { text, map, form } = transformFile(file);
      return { files: { 'module.js': text, 'module.js.map': JSON.stringify(map) }, table: { ...form } };
    },
  };
}
