// What a far side may do here: nothing that it sends ends, steers or reads anything of this machine.
import type { Control } from '../control.ts';

const ROUTER = 'src/remote/child/core/routing/router.ts';
const ROUTER_TEST = 'test/remote/hostile.test.ts';
const POLICY = 'src/modules/closure/policy.ts';
const POLICY_TEST = 'test/modules/policy.test.ts';
const DECODER = 'src/wire/values/reading/value-decoder.ts';
const VALUES_TEST = 'src/wire/hostile-values.test.ts';
const PROBLEM_TEST = 'src/cli/render/render.test.ts';

/** Controls of the far side's reach. */
export const REACH: readonly Control[] = [
  {
    name: 'a handler that rejects is nobody’s',
    rule: 'Whatever a message is, its handler ends nothing but itself',
    file: ROUTER,
    text: '        if (waited instanceof Promise) waited.catch((error: unknown) => this.#garbage(message, error));\n',
    fault: '        if (waited instanceof Promise) void waited;\n',
    noticedBy: [{ file: ROUTER_TEST, only: 'throws or rejects' }],
  },
  {
    name: 'answers that a child does not read are not counted',
    rule: 'What a child provokes and does not read is bounded',
    file: ROUTER,
    text: '    if (edge.unreadBytes > LIMITS.unreadAnswerBytes)',
    fault: '    if (edge.unreadBytes > 1000 * LIMITS.unreadAnswerBytes)',
    noticedBy: [{ file: ROUTER_TEST, only: 'asks and does not read' }],
  },
  {
    name: 'a far side gets any file of the project',
    rule: 'A far side gets what the program imports, and what is named',
    file: POLICY,
    text: '    if (this.#isInside(file)) return undefined;\n',
    fault: '    if (this.#isInside(file) || isBelow(file, this.#options.root)) return undefined;\n',
    noticedBy: [{ file: POLICY_TEST, only: 'names the rule' }],
    isQuick: true,
  },
  {
    name: 'a package gets what it does not declare',
    rule: 'A package gets the packages that it declares',
    file: POLICY,
    text: "      return content['name'] === name || lists.some(",
    fault: "      return name !== '' || lists.some(",
    noticedBy: [{ file: POLICY_TEST, only: 'what it declares' }],
  },
  {
    name: 'fields of an array name its elements',
    rule: 'Elements and lengths of arrays come from elements alone',
    file: DECODER,
    text: '      if (isTaken?.(key) === true) this.#bad(',
    fault: "      if (isTaken?.(key) === true && key === '') this.#bad(",
    noticedBy: [{ file: VALUES_TEST, only: 'claim elements' }],
    isQuick: true,
  },
  {
    name: 'keys that collide are read to the last',
    rule: 'Reading takes time that is bounded by the bytes',
    file: 'src/wire/values/reading/key-pace.ts',
    text: '    return nowMs() - this.#sinceMs <= GRACE_MS',
    fault: '    return nowMs() - this.#sinceMs <= 1000 * GRACE_MS',
    noticedBy: [{ file: VALUES_TEST, only: 'collide' }],
  },
  {
    name: 'a place in a far stack is one here',
    rule: 'Places in far stacks are shown, never opened',
    file: 'src/cli/render/errors/problem.ts',
    text: "  const { far, own } = stackParts(typeof error.stack === 'string' ? error.stack : '');",
    fault: "  const { far } = stackParts(typeof error.stack === 'string' ? error.stack : '');\n  const own = error.stack ?? '';",
    noticedBy: [{ file: PROBLEM_TEST, only: 'none that a far side wrote' }],
  },
  {
    name: 'a far error speaks as ours',
    rule: 'The code of a far error decides nothing here',
    file: 'src/base/errors/far-errors.ts',
    text: "  define(error, 'far', context, true);\n",
    fault: "  if (context === '') define(error, 'far', context, true);\n",
    noticedBy: [{ file: 'src/base/errors/far-errors.test.ts', only: 'leaves an error of our class' }],
    isQuick: true,
  },
];
