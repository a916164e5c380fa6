// What `./prime` does in whatever Node it is: help, graph, eval and --dry, which change nothing, and the files of the primer itself.
import path from 'node:path';
import { findPins, pinText, writePins } from './adopt/pin.ts';
import { updateKernel, updateText } from './adopt/update.ts';
import { writeEntry } from './adopt/write-files.ts';
import { extendWhereReady, say, style } from './boot.ts';
import type { PrimeArguments } from './command-line.ts';
import type { PrimeContext } from './context.ts';
import { examine, findingsText } from './doctor/doctor.ts';
import { lstat } from './files.ts';
import { helpText } from './help.ts';
import { PrimeError } from './problem.ts';
import { styleFor } from './screen/style.ts';
import { evaluate } from './states/evaluate.ts';
import { graphMermaid, graphText } from './states/graph-text.ts';
import type { Graph } from './states/graph.ts';

/** Something would be done. */
const CHECK_EXIT = 1;
/** Something would fail. */
const DOCTOR_EXIT = 4;

async function withClient(context: PrimeContext, graph: Graph): Promise<void> {
  const { states } = context.config;
  if (!(await extendWhereReady(context, graph)) && states !== undefined)
    say(`the states of ${states.module} are left out: they are known when ${states.needs} is reached (./prime --target ${states.needs})\n`);
}

/** Renews files of the primer. True when it was asked for one of them. */
async function adopt(context: PrimeContext, { command, argument }: PrimeArguments): Promise<boolean> {
  const { root, kernelFolder, wanted, apps } = context.config;
  const served = path.relative(kernelFolder, root);
  switch (command) {
    case 'pin': {
      if (argument === undefined && wanted.from === undefined)
        throw new PrimeError('PRIME_USAGE', 'pin needs a version, since nothing here names one', { do: './prime pin 26' });
      const pins = await findPins(context, argument ?? wanted.text);
      writePins(root, pins);
      process.stdout.write(pinText(pins));
      return true;
    }
    case 'update':
      process.stdout.write(updateText(await updateKernel(context, argument ?? 'latest')));
      return true;
    case 'entry': {
      const name = path.basename(argument ?? '');
      if (argument === undefined || apps[name] === undefined || path.isAbsolute(argument) || argument.split('/').includes('..'))
        throw new PrimeError('PRIME_USAGE', `there is no app named ${name || '?'}`, {
          saw: `apps: ${Object.keys(apps).join(', ') || 'none'}`,
          do: 'Add it to apps in prime.config.json, then: ./prime entry NAME, or FOLDER/NAME',
        });
      process.stdout.write(`${writeEntry(root, argument, served) ? 'wrote' : 'nothing to do for'} ${argument}\n`);
      return true;
    }
    case 'folder': {
      const folder = path.posix.normalize(argument ?? '').replace(/\/$/, '');
      const isBelow = folder !== '.' && folder.split('/')[0] !== '..' && !path.isAbsolute(folder) && !/['@]/.test(folder);
      if (served !== '' || !isBelow || lstat(path.join(root, folder))?.isDirectory() !== true)
        throw new PrimeError('PRIME_USAGE', `${argument ?? '?'} is no folder below that of the kernel`, {
          at: kernelFolder,
          do: 'Name one that is there, in the folder of the kernel: ./prime folder apps/web',
        });
      process.stdout.write(`${writeEntry(path.join(root, folder), 'prime', folder) ? 'wrote' : 'nothing to do for'} ${folder}/prime\n`);
      return true;
    }
    case 'boot':
    case 'check':
    case 'doctor':
    case 'shell':
    case 'reboot':
    case 'eval':
    case 'graph':
      return false;
  }
}

/** Says what would be done on the way to a target. True when it is nothing. */
async function check(context: PrimeContext, graph: Graph, asked: string | undefined): Promise<boolean> {
  await withClient(context, graph);
  const target = asked ?? context.config.target;
  const { states } = context.config;
  const isLater = !graph.has(target) && !graph.isExtended && states !== undefined;
  const names = graph.closureOf(isLater ? states.needs : graph.find(target).name);
  let isDone = !isLater;
  const looks = graph.states.filter((state) => names.includes(state.name));
  const packages = looks.find(({ name }) => name === 'packages');
  // npm is asked for by what installs only.
  const isInstalled = packages !== undefined && (await packages.look(context)).fresh;
  for (const state of looks) {
    if (state.name === 'npm' && isInstalled) continue;
    const { fresh, why } = await state.look(context);
    isDone &&= fresh;
    process.stdout.write(`${fresh ? 'done' : 'todo'}  ${state.name.padEnd(12)} ${why}\n`);
  }
  if (isLater) process.stdout.write(`todo  ${target.padEnd(12)} known when ${states.module} is loaded, after ${states.needs}\n`);
  return isDone;
}

/** Does one of them. True when it was asked for one. */
export async function answer(context: PrimeContext, graph: Graph, parsed: PrimeArguments): Promise<boolean> {
  if (parsed.help) process.stdout.write(helpText(context.config));
  else if (parsed.command === 'graph') {
    if (!parsed.proto) await withClient(context, graph);
    process.stdout.write(parsed.mermaid ? graphMermaid(graph) : graphText(graph));
  } else if (parsed.command === 'eval') {
    await withClient(context, graph);
    process.stdout.write(`${JSON.stringify(await evaluate(context, graph), null, 2)}\n`);
  } else if (parsed.command === 'doctor') {
    const findings = examine(context);
    process.stdout.write(findingsText(findings, styleFor(process.stdout.isTTY, process.env)));
    if (findings.some(({ kind }) => kind === 'bad')) process.exitCode = DOCTOR_EXIT;
  } else if (parsed.command === 'check') {
    if (!(await check(context, graph, parsed.target))) process.exitCode = CHECK_EXIT;
  } else if (parsed.dry) {
    await withClient(context, graph);
    for (const state of graph.states) {
      const { fresh, why } = await state.look(context);
      say(
        `${fresh ? style().green(style().done) : style().busy} ${state.name.padEnd(10)} ${fresh ? 'nothing to do' : 'would be prepared'}: ${why}\n`,
      );
    }
  } else return adopt(context, parsed);
  return true;
}
