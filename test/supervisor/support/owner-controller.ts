// An owner of two units, until a signal comes or it is killed. Arguments: the file they write, and `wait` or `loop`.
import { runUntilSignal, supervise, tree, unit } from '../../../src/supervisor.ts';
import { Loops, Writes } from './runtimes.ts';

if (import.meta.main) {
  const [file = '', how] = process.argv.slice(2);
  const Unit = how === 'loop' ? Loops : Writes;
  const units = ['one', 'two'].map((name) => unit(Unit, { file, name }, { name }));
  const supervisor = await supervise(tree({ units }));
  const running = runUntilSignal(supervisor);
  // The handlers of signals are there.
  console.log('ready');
  await running;
}
