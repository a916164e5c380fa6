import { durableExtension } from '../../../src/durable/transform/index.ts';
import type { ModuleForm } from '../../../src/base/builds/module-form.ts';
import type { FileTable } from '../../../src/base/builds/build.ts';
import { makeArtefacts } from '../../../src/modules/build/make-artefacts.ts';
import type { RawSourceMap } from '../../../src/modules/text/source-map.ts';

export interface TransformedText {
  readonly text: string;
  readonly lowered: string;
  readonly map: RawSourceMap;
  readonly table: FileTable;
  readonly form: ModuleForm;
}

export interface TextOptions {
  readonly path?: string;
  readonly key?: string;
}

/** Lowers and transforms a text, without disk and without imports. */
export function transformText(source: string, { path = 'file.ts', key = 'key' }: TextOptions = {}): TransformedText {
  const format = /\.c[tj]s$/.test(path) ? 'commonjs' : 'module';
  const options = {
    legacyDecorators: false,
    decoratorMetadata: false,
    keepUnusedImports: true,
    classicJsx: false,
    jsxImportSource: undefined,
  };
  const { files, table, extra } = makeArtefacts(key, { file: `/project/${path}`, path, format, source, options }, durableExtension());
  return {
    text: files['module.js'] ?? '',
    lowered: files['lowered.js'] ?? '',
    map: JSON.parse(files['module.js.map'] ?? '') as RawSourceMap,
    table,
    form: extra as unknown as ModuleForm,
  };
}
