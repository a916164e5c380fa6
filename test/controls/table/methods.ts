// How contexts are opened: what a tool is told, and what a target may name.
import type { Control } from '../control.ts';

const TYPED = 'src/remote/connect/tool/typed-questions.ts';
const LISTENER = 'src/remote/connect/methods/unix/listener.ts';
const LISTENER_TEST = 'src/remote/connect/methods/unix/unix.test.ts';
const TYPED_TEST = 'src/remote/connect/tool/typed-questions.test.ts';

/** Controls of the connection methods. */
export const METHODS: readonly Control[] = [
  {
    name: 'a password is given again',
    rule: 'A secret is given once: a wrong one costs one attempt',
    file: 'src/remote/connect/questions/questions.ts',
    text: 'if (isRepeat(question) || this.#answered.has(secretKey(question)))',
    fault: 'if (isRepeat(question))',
    noticedBy: [{ file: TYPED_TEST, only: 'at the second question' }],
    isQuick: true,
  },
  {
    name: 'the beginning of a message is a question',
    rule: 'What a tool begins its messages with is no question',
    file: TYPED,
    text: ' && this.#held.trim() !== this.#options.prefix',
    fault: '',
    noticedBy: [{ file: TYPED_TEST, only: 'takes no whole line' }],
    isQuick: true,
  },
  {
    name: 'a target names a tool',
    rule: 'A target text starts no program of its own choice',
    file: 'src/remote/connect/methods/docker/docker.ts',
    text: "options: ['node', 'name']",
    fault: "options: ['node', 'name', 'toolPath']",
    noticedBy: [{ file: 'src/remote/connect/target.test.ts', only: 'throws REMOTE_TARGET_INVALID' }],
    isQuick: true,
  },
  {
    name: 'a listener replaces a file',
    rule: 'A listener takes the name of a dead one, and of nothing else',
    file: LISTENER,
    text: ' || !lstatSync(name).isSocket()) throw',
    fault: ') throw',
    noticedBy: [{ file: LISTENER_TEST, only: 'of nothing else' }],
    isQuick: true,
  },
  {
    name: 'others can connect to a listener',
    rule: 'Only its user can connect to a listener',
    file: LISTENER,
    text: '    chmodSync(place, 0o600);\n',
    fault: '',
    noticedBy: [{ file: LISTENER_TEST, only: 'lets its user in' }],
  },
];
