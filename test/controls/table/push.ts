// Nodes that are put on far sides: what is run there is what was meant, and nothing of it is left.
import type { Control } from '../control.ts';

const TEXT = 'src/remote/connect/push/far-text.ts';
const TEXT_TEST = 'src/remote/connect/push/far-text.test.ts';

/** Controls of pushes. */
export const PUSH: readonly Control[] = [
  {
    name: 'what arrives is not hashed',
    rule: 'A file is compared with its SHA-256 before it is run',
    file: TEXT,
    text: '\'[ "$y" = "$b" ]||',
    fault: "'[ 1 = 1 ]||",
    noticedBy: [{ file: TEXT_TEST, only: 'is removed and never run' }],
    isQuick: true,
  },
  {
    name: 'a folder of others is used',
    rule: 'A Node is put only where this user alone writes',
    file: TEXT,
    text: 'd????[!w]??[!w]*',
    fault: 'd*',
    noticedBy: [{ file: TEXT_TEST, only: 'others may write to' }],
    isQuick: true,
  },
  {
    name: 'parts of killed pushes stay',
    rule: 'What pushes of ended processes left is removed by the next one',
    file: TEXT,
    text: 'kill -0 "${q##*-}" 2>/dev/null||rm -rf "$q" 2>/dev/null',
    fault: ':',
    noticedBy: [{ file: TEXT_TEST, only: 'is swept' }],
    isQuick: true,
  },
  {
    name: 'a stdin that ends leaves its part',
    rule: 'A controller that goes in the middle leaves nothing',
    file: TEXT,
    text: '\'e=$({ head -c "$a"|{ "$@" >"$f";r=$?;cat >/dev/null;exit $r;};} 2>&1)||{ undo;',
    fault: '\'e=$({ head -c "$a"|{ "$@" >"$f";r=$?;cat >/dev/null;exit $r;};} 2>&1)||{ exit;',
    noticedBy: [{ file: TEXT_TEST, only: 'leaves nothing' }],
    isQuick: true,
  },
  {
    name: 'a hash that was made here is believed',
    rule: 'Where nothing there hashes, it is compared here',
    file: 'src/remote/connect/push/node-push.ts',
    text: 'this.#now !== undefined && sha256 !== this.#now.file.sha256',
    fault: 'this.#now !== undefined && sha256 === undefined',
    noticedBy: [{ file: 'src/remote/connect/push/node-push.test.ts', only: 'nothing there can hash' }],
    isQuick: true,
  },
];
