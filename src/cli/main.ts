#!/usr/bin/env node
// The command line's first file. The runner is started before anything else is loaded: its Node boots while this process
// parses its arguments. A usage error closes it again. This is the only file that ends the process.
import { VERSION } from '../base/version.ts';
import { useCompileCache } from '../platform/engine/compile-cache.ts';
import { spawnRunner } from '../worker/runner-process.ts';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 24 || (major === 24 && minor < 18)) process.exit((await import('./old-node.ts')).tellOldNode(process.argv.slice(2)));

const [command, ...rest] = process.argv.slice(2);
const runsProgram = (command === 'run' || command === 'resume') && !rest.includes('--help') && !rest.includes('-h');
const runner = runsProgram ? spawnRunner({ stdin: 'inherit' }) : undefined;

// After the runner, which has it too: this process compiles while the other one boots.
useCompileCache(VERSION);
const { runCommandLine } = await import('./command-line.ts');
process.exit(await runCommandLine(process.argv.slice(2), runner));
