import { ResproutError } from '../../../base/errors/errors.ts';
import { resolveExport } from './export-resolution.ts';
import type { UserModule } from './module-types.ts';
import { otherOwnEntry } from '../../../base/own-names.ts';

/**
 * Looks for imports that lead nowhere: problems of the build, and names that a module does not export.
 * @throws ResproutError BUILD_MODULE_MISSING, BUILD_EXPORT_MISSING, or what loading a package threw
 */
export function checkImports(module: UserModule): void {
  for (const dep of module.deps) {
    if (dep.kind === 'problem')
      throw new ResproutError(dep.problem.code, dep.problem.message, { tried: `to load ${module.facts.table.path}` });
    if (dep.kind === 'external' && dep.namespace === undefined) throw dep.failure;
  }
  for (const { dep, name, line, column } of module.facts.form.link?.imports ?? []) {
    const target = module.deps[dep];
    if (target === undefined || target.kind === 'problem' || name === '*') continue;
    const found = target.kind === 'user' ? resolveExport(target, name) : Reflect.has(target.namespace ?? {}, name) || undefined;
    if (found !== undefined && (found === true || found.kind !== 'ambiguous')) continue;
    const specifier = module.facts.form.link?.deps[dep] ?? '';
    const why = found === undefined ? `'${specifier}' does not export '${name}'` : `'${specifier}' exports '${name}' twice by export *`;
    const elsewhere = otherOwnEntry(specifier, name);
    const at = { file: module.facts.table.path, line, column };
    throw new ResproutError('BUILD_EXPORT_MISSING', `${at.file}:${line}:${column}: ${why}`, {
      at,
      tried: `to import '${name}' from '${specifier}'`,
      do:
        elsewhere === undefined
          ? `Export it there, or write "import type" when '${name}' is a type`
          : `Write import { ${name} } from '${elsewhere}', which exports it`,
    });
  }
}
