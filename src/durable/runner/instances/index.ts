export { BuildReader } from '../build/build-reader.ts';
export { Compiler } from '../build/compile.ts';
export { showOriginalTexts, type OriginalText } from '../build/function-text.ts';
export type { Loaders } from './loaders.ts';
export { loadGraph, ModuleGraph } from './module-graph.ts';
export { openBuild } from '../build/open-build.ts';
export type { RunnerBuild } from '../build/runner-build.ts';
export { instantiate, SessionModules } from './session-modules.ts';
