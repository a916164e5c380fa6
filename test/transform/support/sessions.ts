import {
  BuildReader,
  Compiler,
  instantiate,
  loadGraph,
  openBuild,
  type Loaders,
  type ModuleGraph,
  type SessionModules,
} from '../../../src/durable/runner/instances/index.ts';
import { createDisk } from '../../../src/platform/disk/disk.ts';
import { requireFrom } from '../../../src/platform/engine/node-require.ts';
import { createInlineHook } from './inline-hook.ts';

export interface OpenedProgram {
  readonly graph: ModuleGraph;
  readonly reader: BuildReader;
  /** Specifiers of packages and builtins that were reported. */
  readonly imported: readonly string[];
}

/** Opens a built program as a runner does. */
export async function openProgram(folder: string, id: string, replaced: Partial<Loaders> = {}): Promise<OpenedProgram> {
  const imported: string[] = [];
  const reader = new BuildReader({ folder, disk: createDisk() });
  const loaders: Loaders = {
    compiler: new Compiler(true),
    own: new Map(),
    importUrl: async (url) => (await import(url)) as object,
    requireFrom,
    loading: (_target, run) => run(),
    late: async (_, specifier) => await Promise.reject(new Error(`late: ${specifier}`)),
    imported: (specifier) => void imported.push(specifier),
    ...replaced,
  };
  return { graph: await loadGraph(openBuild(reader, id), loaders), reader, imported };
}

/** One session of a program, with a hook that changes nothing. */
export async function startSession(
  graph: ModuleGraph,
): Promise<{ readonly modules: SessionModules; readonly entry: Record<string, unknown> }> {
  const { modules, entry } = await instantiate(graph, createInlineHook(graph.build));
  return { modules, entry: entry as Record<string, unknown> };
}
