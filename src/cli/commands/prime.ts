import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { isErrorCode } from '../../base/errors/error-codes.ts';
import { ResproutError } from '../../base/errors/errors.ts';
import { okLine } from '../render/values/json.ts';
import { safeLine } from '../render/text/safe-text.ts';
import type { CommonOptions, Terminal } from '../terminal.ts';

/** The kernel that this package brings: what it writes elsewhere is itself. */
const KERNEL = path.resolve(import.meta.dirname, '../../../proto_kernel.cjs');
const INIT_MS = 60_000;

/** What the kernel answers, in one line. */
type Answer =
  | { readonly ok: true; readonly value: Initialised }
  | {
      readonly ok: false;
      readonly problem: {
        readonly code: string;
        readonly message: string;
        readonly at?: string;
        readonly saw?: string;
        readonly kept?: string;
        readonly do: string;
      };
    };

interface Initialised {
  readonly root: string;
  readonly version: string;
  readonly written: readonly string[];
  readonly node: { readonly wanted: string; readonly from: string | null };
}

/** `resprout prime init`: writes the two files of the primer into a repository. @returns 0 */
export function prime(_action: 'init', folder: string | undefined, options: CommonOptions, terminal: Terminal): number {
  const root = path.resolve(terminal.cwd, folder ?? '.');
  const ran = spawnSync(process.execPath, [KERNEL, '@init', root, '--json'], { encoding: 'utf8', timeout: INIT_MS, killSignal: 'SIGKILL' });
  if (ran.stdout === '')
    throw new Error(`the kernel gives no answer: ${ran.stderr.trim() || (ran.error?.message ?? `exit code ${ran.status ?? '?'}`)}`);
  // It is our own kernel that answers.
  const answer = JSON.parse(ran.stdout) as Answer;
  if (!answer.ok) {
    const { code, message, at, saw, ...problem } = answer.problem;
    const seen = [at, saw].filter((line) => line !== undefined).join('\n');
    throw new ResproutError(isErrorCode(code) ? code : 'PRIME_INTERNAL', message, { ...problem, ...(seen === '' ? {} : { saw: seen }) });
  }
  if (options.json) terminal.stdout.write(okLine(answer.value));
  else if (options.quiet !== true) for (const line of lines(answer.value)) terminal.stdout.write(`${safeLine(line)}\n`);
  return 0;
}

function lines({ root, version, written, node }: Initialised): readonly string[] {
  return [
    written.length === 0 ? `Nothing to do: kernel ${version} is here.` : `Wrote ${written.join(' and ')} (kernel ${version}).`,
    node.from === null
      ? 'Node: any from 12 on, since nothing here names one.'
      : `Node: ${node.wanted}, as ${path.relative(root, node.from)} says.`,
    '',
    'Next:  ./prime          prepares this folder; .prime/ hides itself from version control',
    '       ./prime pin 26   pins a Node that is fetched where it is missing',
    '       git add prime proto_kernel.cjs',
  ];
}
