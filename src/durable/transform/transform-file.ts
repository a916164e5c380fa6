import type { ModuleForm } from '../../base/builds/module-form.ts';
import { encodeMap, type RawSourceMap } from '../../modules/text/source-map.ts';
import type { ParsedFile } from '../../modules/file-extension.ts';
import { composeMap } from './text/compose-map.ts';
import { emitNode } from './emit-node.ts';
import { Emitter } from './emitter.ts';
import { freeNames } from './scope/free-names.ts';
import { functionNames } from './sites/function-names.ts';
import { emitModuleForm } from './module-form.ts';
import { moduleReferences, NO_REFERENCES } from './module-references.ts';
import { analyzeScopes } from './scope/scope-analysis.ts';
import { refuseUnsupported } from './unsupported.ts';
import { shownText } from './text/shown-text.ts';
import { findWarnings } from './warnings.ts';

/** A user file as a module function. */
export interface TransformedFile {
  /** The module function as one parenthesised expression. */
  readonly text: string;
  /** From the text to the TypeScript source. */
  readonly map: RawSourceMap;
  /** The text of which `toString` of its functions shows parts. */
  readonly shown: string;
  readonly form: ModuleForm;
}

/** Makes the module function of a file. @throws ResproutError TRANSFORM_UNSUPPORTED with file, line and column of the TypeScript text */
export function transformFile(file: ParsedFile): TransformedFile {
  const { program, lowered } = file;
  const placeOf = (offset: number): ReturnType<ParsedFile['placeOf']> => file.placeOf(offset);
  refuseUnsupported(program, file);
  const names = freeNames(lowered);
  const scopes = analyzeScopes(program);
  const references = file.format === 'module' ? moduleReferences(program, scopes, names, placeOf) : NO_REFERENCES;
  const { key, path, format, ordered } = file;
  const input = { key, path, format, lowered, ordered, names, scopes, references, functionNames: functionNames(program), placeOf };
  const emitter = new Emitter(input, emitNode);
  const { classes, awaits } = emitModuleForm(program, emitter);
  const inLowered = ordered.map((node, number) => emitter.shown.get(number) ?? ([node.start, node.end] as const));
  const { text: shown, ranges } = shownText(file, inLowered);
  const form: ModuleForm = {
    sites: emitter.sites.entries,
    link: references.link === null ? null : { ...references.link, awaits },
    classes,
    warnings: findWarnings(program, emitter.statics, placeOf),
    shown: ranges,
  };
  const mappings = composeMap(emitter.out.pieces, lowered, file.mappings);
  const source = file.loweredMap.sources[0] ?? file.path;
  return { text: emitter.out.render(lowered), map: encodeMap(source, mappings), shown, form };
}
