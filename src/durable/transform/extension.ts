import type { FileExtension } from '../../modules/file-extension.ts';
import { transformFile } from './transform-file.ts';

/** Changes with every change of what is emitted: files built by another version are built again. */
export const TRANSFORM_VERSION = 'transform-4';

/** Makes the builder write the module function of every user file beside its lowered text: `module.js`, its map, the text that
 * its functions show, and fields of the table. */
export function durableExtension(): FileExtension {
  return {
    version: TRANSFORM_VERSION,
    fileNames: ['module.js', 'module.js.map', 'shown.js'],
    extend(file) {
      const { text, map, shown, form } = transformFile(file);
      return { files: { 'module.js': text, 'module.js.map': JSON.stringify(map), 'shown.js': shown }, table: { ...form } };
    },
  };
}
