// Many hosts: each has its outcome, nothing starts after the end, and a host is named by the form of its word alone.
import type { Control } from '../control.ts';

const COMPLETIONS = 'src/remote/fan/completions.ts';
const COMPLETIONS_TEST = 'src/remote/fan/completions.test.ts';
const INVENTORY_TEST = 'test/hosts/inventory.test.ts';

/** Controls of many hosts. */
export const HOSTS: readonly Control[] = [
  {
    name: 'a call of many starts after the failure that ends them',
    rule: 'After so many failures nothing more is started',
    file: COMPLETIONS,
    text: '    return this.#failed >= this.#limits.stopAfter;',
    fault: '    return this.#failed > this.#limits.stopAfter;',
    noticedBy: [{ file: COMPLETIONS_TEST, only: 'starts nothing after' }],
    isQuick: true,
  },
  {
    name: 'a batch begins before the one before it has ended',
    rule: 'A batch begins when the one before it has ended',
    file: COMPLETIONS,
    text: '(this.#running > 0 && this.#started % batch === 0)) return;',
    fault: '(this.#running > 1 && this.#started % batch === 0)) return;',
    noticedBy: [{ file: COMPLETIONS_TEST, only: 'begins a batch' }],
  },
  {
    name: 'a loop that is left lets its calls run on',
    rule: 'A loop that is left aborts what runs',
    file: COMPLETIONS,
    text: "    for (const stop of this.#stops) stop.abort(new ResproutError('REMOTE_CALL_ABORTED', 'nobody reads what comes of it any more'));\n",
    fault: '',
    noticedBy: [{ file: COMPLETIONS_TEST, only: 'the loop over it is left' }],
  },
  {
    name: 'an outer group lays its variables over those of an inner one',
    rule: 'An inner group lays its values over those of the groups that hold it',
    file: 'src/base/inventory/inventory.ts',
    text: '    for (const name of this.#outerFirst())',
    fault: '    for (const name of this.#outerFirst().toReversed())',
    noticedBy: [{ file: INVENTORY_TEST, only: '^targets: a target has its own variables' }],
    isQuick: true,
  },
  {
    name: 'a range has one number more',
    rule: 'A range stands for each number from its first to its last',
    file: 'src/base/inventory/number-range.ts',
    text: '  const count = Number(last) - Number(first) + 1;',
    fault: '  const count = Number(last) - Number(first) + 2;',
    noticedBy: [{ file: INVENTORY_TEST, only: '^targets: names' }],
    isQuick: true,
  },
  {
    name: 'a far side that nobody reads is not told so',
    rule: 'A command whose output nobody takes is ended there',
    file: 'src/remote/exec/exec.ts',
    text: '    await pieces.return?.();\n',
    fault: '',
    noticedBy: [{ file: 'test/hosts/hostile-far.test.ts', only: '^exec tells a far side' }],
    isQuick: true,
  },
];
