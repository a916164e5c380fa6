// Puts deliberate faults into a copy of the sources, one at a time, and looks whether the tests notice. Wants a built package, for the texts
// that far sides are started with.
//
//   node test/controls/run.ts            all controls
//   node test/controls/run.ts --quick    those that CI runs
//   node test/controls/run.ts NAME…      those whose name holds one of these texts
//   node test/controls/run.ts --list     what there is; nothing runs
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Copy } from './copy.ts';
import { CONTROLS } from './table/index.ts';
import { tryControl, trySound, type Outcome } from './trial.ts';

const { values, positionals } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, list: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const isWanted = (name: string): boolean => positionals.length === 0 || positionals.some((part) => name.includes(part));
const chosen = CONTROLS.filter((control) => isWanted(control.name) && (!values.quick || control.isQuick === true));
const say = (line: string): void => console.log(line);

/** One control in the table at the end. */
function rowOf({ control, noticedBy, blind, seconds }: Outcome): string {
  const seen = noticedBy.length > 0 ? noticedBy.join('; ') : 'NOBODY';
  const unseen = blind.length > 0 && noticedBy.length > 0 ? `; NOT by ${blind.join(', ')}` : '';
  return [
    control.rule,
    `  fault       ${control.name}, in ${control.file}`,
    `  noticed by  ${seen}${unseen}`,
    `  took        ${seconds.toFixed(1)} s`,
  ].join('\n');
}

async function runAll(): Promise<boolean> {
  using copy = new Copy(path.resolve(import.meta.dirname, '../..'));
  const sound = await trySound(copy, chosen, say);
  const outcomes: Outcome[] = [];
  for (const [index, control] of chosen.entries()) {
    const outcome = await tryControl(copy, control, sound);
    outcomes.push(outcome);
    const word = outcome.blind.length === 0 ? 'noticed ' : 'SURVIVES';
    say(`${word} ${String(index + 1).padStart(3)}/${String(chosen.length)}  ${control.name} (${outcome.seconds.toFixed(1)} s)`);
  }
  say(`\n${outcomes.map(rowOf).join('\n\n')}`);
  const survivors = outcomes.filter(({ blind }) => blind.length > 0);
  say(`\n${String(outcomes.length)} controls, ${String(survivors.length)} survive`);
  for (const { control, blind } of survivors) say(`SURVIVES ${control.name}: ${blind.join(', ')} saw nothing`);
  return survivors.length === 0;
}

if (values.list) for (const { name, rule } of chosen) say(`${name}\n  ${rule}`);
else if (chosen.length === 0) {
  console.error('there is no such control; see --list');
  process.exitCode = 1;
} else if (!(await runAll())) process.exitCode = 1;
