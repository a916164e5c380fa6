import path from 'node:path';
import { createDisk } from '../../platform/disk/disk.ts';
import { programFacts } from '../../platform/process/program-facts.ts';
import { explainProgram, type Explanation } from '../../worker/index.ts';
import { parseProgram } from '../arguments/program-text.ts';
import { columns } from '../render/text/columns.ts';
import { okLine } from '../render/values/json.ts';
import { safeLine } from '../render/text/safe-text.ts';
import type { CommonOptions, Terminal } from '../terminal.ts';

export interface ExplainOptions extends CommonOptions {
  /** Lists what far sides may get instead. */
  readonly served?: boolean | undefined;
}

const CLASSES: Readonly<Record<string, string>> = {
  user: 'code of the program',
  inline: 'runs again on replay',
  call: 'recorded where it leaves JavaScript, made again when it was in flight',
  conversation: 'recorded as what was heard and said',
  boundary: 'recorded at this call, made by the real object',
  own: 'of resprout',
  runtime: 'known when it runs, from the value',
};

/** `resprout explain`: how a session would treat the packages and the calls of a program. Runs nothing of it. @returns 0 */
export function explain(text: string, options: ExplainOptions, terminal: Terminal): number {
  const { file } = parseProgram(text, terminal.cwd);
  const { cacheFolder } = programFacts();
  const scanFolder = cacheFolder === undefined ? undefined : path.join(cacheFolder, 'packages');
  const explanation = explainProgram(file, createDisk({ sync: false }), scanFolder, options.served === true);
  if (options.json) terminal.stdout.write(okLine(explanation));
  else
    for (const line of explanation.served === undefined ? lines(explanation) : servedLines(explanation.served))
      terminal.stdout.write(`${safeLine(line)}\n`);
  return 0;
}

function lines({ packages, calls }: Explanation): readonly string[] {
  const used = [...new Set(calls.map((call) => call.class))];
  return [
    ...(packages.length === 0 ? ['No packages are imported.'] : packages.flatMap(packageLines)),
    '',
    ...columns(
      ['place', 'call', 'class'],
      calls.map((call) => [`${call.file}:${String(call.line)}:${String(call.column)}`, call.callee, call.class]),
    ),
    '',
    ...used.map((name) => `${name.padEnd('conversation'.length)}  ${CLASSES[name] ?? ''}`),
  ];
}

function servedLines({ files, packages, named, refused }: NonNullable<Explanation['served']>): readonly string[] {
  const list = (head: string, items: readonly string[]): readonly string[] =>
    items.length === 0 ? [] : [head, ...items.map((item) => `  ${item}`)];
  return [
    ...list('Files of the program:', files),
    ...list(
      'Packages, with what they declare:',
      packages.map(
        (one) =>
          `${one.folder}  ${String(one.files)} ${one.files === 1 ? 'file is' : 'files are'} imported, the others when they are asked for`,
      ),
    ),
    ...list('Named in "serve" of resprout.config.json:', named),
    ...list(
      'Imported and not served:',
      refused.map(({ file, why }) => `${file}  ${why}`),
    ),
    'Nothing else leaves. { "serve": ["PATTERN"] } in resprout.config.json, or the option serve of an opener, adds files.',
  ];
}

function packageLines({ name, treat, by, why, decisive, tolerated, computed }: Explanation['packages'][number]): readonly string[] {
  const reached = (list: typeof decisive): string => list.map(({ owner, what }) => `${owner}: ${what}`).join(', ');
  const other = treat === 'inline' ? 'boundary' : 'inline';
  return [
    `${name}  ${treat}  (by ${by}: ${why})`,
    ...(decisive.length > 0 ? [`  reaches       ${reached(decisive)}`] : []),
    ...(tolerated.length > 0 ? [`  as an option  ${reached(tolerated)}: refused where it is taken`] : []),
    ...(computed.length > 0 ? [`  loads what is computed  ${computed.join(', ')}: not followed`] : []),
    `  to change it  { "packages": { "${name}": "${other}" } } in resprout.config.json`,
  ];
}
