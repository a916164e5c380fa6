import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ResproutError, toError } from '../../base/errors/errors.ts';
import type { Declared, SuperviseOptions, SupervisorEnd, UnitSnapshot } from '../../supervisor.ts';
import * as own from '../../supervisor.ts';
import { parseProgram } from '../arguments/program-text.ts';
import { parseTree } from './parse-tree.ts';

/** What runs: a supervisor or a group. */
export interface Running {
  readonly name: string;
  readonly ended: Promise<SupervisorEnd>;
  snapshot(): readonly UnitSnapshot[];
  recycle(path: string): void;
  close(): Promise<void>;
}

/** A tree that was read, and the package that it is written against. */
export interface LoadedTree {
  readonly file: string;
  start(options: SuperviseOptions): Promise<Running>;
}

/** Reads `FILE[:EXPORT]`: JSON, or a module that exports a tree, a unit or a group as `tree`. @throws ResproutError RUN_FILE_MISSING, SUPERVISE_INVALID */
export async function loadTree(text: string, cwd: string): Promise<LoadedTree> {
  const { exportName = 'tree', file } = parseProgram(text, cwd);
  const source = sourceOf(file);
  if (file.endsWith('.json')) {
    const declared = parseTree(jsonOf(source, file), path.dirname(file));
    return { file, start: (options) => own.supervise(declared, options) };
  }
  const namespace = (await import(pathToFileURL(file).href)) as Readonly<Record<string, unknown>>;
  const { isDeclared, supervise } = await packageOf(file);
  const declared = namespace[exportName];
  if (!isDeclared(declared))
    throw new ResproutError('SUPERVISE_INVALID', `${file} exports no ${exportName} that unit(), program(), group() or tree() gave`, {
      saw: `exports: ${Object.keys(namespace).join(', ') || 'none'}`,
    });
  return { file, start: (options) => supervise(declared as never, options) };
}

function sourceOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new ResproutError('RUN_FILE_MISSING', `${file} cannot be read`, { saw: toError(error).message }, { cause: error });
  }
}

function jsonOf(source: string, file: string): unknown {
  try {
    return JSON.parse(source);
  } catch (error) {
    throw new ResproutError('SUPERVISE_INVALID', `${file} is no JSON: ${toError(error).message}`, { tried: `read ${file}` });
  }
}

interface Package {
  isDeclared(value: unknown): value is Declared;
  supervise(declared: Declared, options: SuperviseOptions): Promise<Running>;
}

/** The copy of the package that the file imports: what it declares is known to that one. */
async function packageOf(file: string): Promise<Package> {
  try {
    const found = createRequire(file).resolve('resprout/supervisor');
    return (await import(pathToFileURL(found).href)) as Package;
  } catch {
    // The file has a copy of its own name, or none: this one.
    return own as Package;
  }
}
