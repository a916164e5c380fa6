export { BuildReader } from './build-reader.ts';
export { Compiler } from './compile.ts';
export { showOriginalTexts, type OriginalText } from './function-text.ts';
export type { Loaders } from './loaders.ts';
export { loadGraph, ModuleGraph } from './module-graph.ts';
export { openBuild } from './open-build.ts';
export type { RunnerBuild } from './runner-build.ts';
export { instantiate, SessionModules } from './session-modules.ts';
