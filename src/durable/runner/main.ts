// First file of a runner process. The compile cache is on before anything of size is loaded.
import { VERSION } from '../../base/version.ts';
import { useCompileCache } from '../../platform/engine/compile-cache.ts';

useCompileCache(VERSION);
const { runRunner } = await import('./program/run.ts');
runRunner();
