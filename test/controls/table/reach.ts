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
    name: 'a far side reads any file of the project',
    rule: 'A far side reads the data files that the program names, those of its packages, and what a pattern names',
    file: POLICY,
    text: '    if (!named.has(file) && !this.#isNamed(file, more) && !this.#isInside(file))\n',
    fault: '    if (!named.has(file) && !this.#isNamed(file, more) && !this.#isInside(file) && !isBelow(file, this.#options.root))\n',
    noticedBy: [{ file: 'test/modules/data-policy.test.ts', only: 'names the rule' }],
    isQuick: true,
  },
  {
    name: 'a far side gets any file that it wants of a folder that is put',
    rule: 'A transfer sends what was listed here, whatever the other side wants',
    file: 'src/remote/files/transfer.ts',
    text: '      if (file === undefined || offset > file.bytes)\n',
    fault: '      if (file === undefined) return { path, bytes: 6, mode: 0o600, modifiedMs: 0, offset };\n      if (offset > file.bytes)\n',
    noticedBy: [{ file: 'test/files/hostile-far.test.ts', only: 'put sends no file' }],
    isQuick: true,
  },
  {
    name: 'a far side writes through a link that it had made',
    rule: 'A transfer writes nothing outside of its folder',
    file: 'src/remote/child/files/prepare.ts',
    text: '    if (parent !== undefined && !this.#folders.has(parent))\n',
    fault: "    if (parent === undefined && entry.path !== '')\n",
    noticedBy: [{ file: 'test/files/hostile-far.test.ts', only: 'get writes nothing outside' }],
    isQuick: true,
  },
  {
    name: 'a file has its name before it is known to be right',
    rule: 'A transfer puts a file there when its hash is right',
    file: 'src/remote/child/files/receive.ts',
    text: "    if (this.#at !== this.#file.bytes || this.#hash.digest('hex') !== hash) {\n",
    fault: "    if (this.#at !== this.#file.bytes || this.#hash.digest('hex') === '') {\n",
    noticedBy: [{ file: 'test/files/hostile-far.test.ts', only: 'no other bytes' }],
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
  {
    name: 'a full link holds up everybody',
    rule: 'T2: a full link stops the transfers to whoever is behind it',
    file: 'src/remote/child/core/routing/transfers.ts',
    text: 'this.#full.has(message.dst)) continue;',
    fault: 'this.#full.size > 0) continue;',
    noticedBy: [{ file: 'test/remote/stalled.test.ts', only: '^a context that stands still' }],
  },
  {
    name: 'a failed write takes the last words along',
    rule: 'What a peer has said before its end is read, whatever became of what it was sent',
    file: 'src/platform/links/link-streams.ts',
    text: '      write(...args, () => done());\n',
    fault: '      write(...args, done);\n',
    noticedBy: [{ file: 'src/platform/links/link-streams.test.ts', only: 'reads the last words' }],
    isQuick: true,
  },
  {
    name: 'the next one begins before a loop can leave',
    rule: 'F2: nothing starts after a loop that was left',
    file: 'src/remote/fan/completions.ts',
    text: '      afterMicrotasks(() => this.#fill());\n',
    fault: '      this.#fill();\n',
    noticedBy: [{ file: 'src/remote/fan/completions.test.ts', only: 'starts nothing more when a loop is left' }],
    isQuick: true,
  },
];
