import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ModuleGraph } from './module-graph.ts';
import type { UserModule } from './module-types.ts';

/** `import.meta` of a file in a session: the real places. @param isMain only for the file of a program that has no entry */
export function createImportMeta(module: UserModule, graph: ModuleGraph, isMain: boolean): object {
  const resolve = (specifier: unknown): string => resolveSpecifier(String(specifier), module, graph);
  return Object.assign(Object.create(null) as object, {
    dirname: dirname(module.file),
    filename: module.file,
    main: isMain,
    resolve,
    url: module.url,
  });
}

function resolveSpecifier(specifier: string, module: UserModule, graph: ModuleGraph): string {
  const target = graph.build.targetOf(module.file, specifier, 'i');
  if (target?.startsWith('node:') === true) return target;
  if (target !== undefined && !target.startsWith('own:')) return pathToFileURL(target).href;
  if (/^(?:\.{0,2}\/|[a-z][a-z+.-]*:)/i.test(specifier)) return new URL(specifier, module.url).href;
  const found = graph.loaders.requireFrom(module.file).resolve(specifier);
  if (!found.startsWith('/')) return found.startsWith('node:') ? found : `node:${found}`;
  return pathToFileURL(found).href;
}
