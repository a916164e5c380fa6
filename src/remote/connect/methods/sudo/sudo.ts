import type { MethodOf } from '../../method.ts';
import { entering, TOOL_FIELDS, type ToolRecipe } from '../../tool/entering.ts';

/** A process of another user, through `sudo`. */
export interface SudoRecipe extends ToolRecipe {
  readonly method: 'sudo';
  /** Whose process it is; `root` when absent. */
  readonly user?: string;
  /** Whether the environment is kept (`-E`), as far as the rules of sudo let it. */
  readonly preserveEnv?: boolean;
  /** Whether sudo gets a terminal (`requiretty` of its rules wants one). Its questions come through our askpass all the same. */
  readonly terminal?: boolean;
  /** SELinux role and type (`-r`, `-t`). */
  readonly selinuxRole?: string;
  readonly selinuxType?: string;
}

const REFUSED = /not in the sudoers file|is not allowed to|may not run|a password is required|no password was provided|incorrect password/;

export const sudoMethod: MethodOf<SudoRecipe> = entering<SudoRecipe>({
  name: 'sudo',
  tool: 'sudo',
  fields: { user: 'user', preserveEnv: 'flag', terminal: 'flag', selinuxRole: 'instance', selinuxType: 'instance', ...TOOL_FIELDS },
  required: [],
  target: { help: 'sudo:USER', place: 'user', slashes: 'never', options: ['node', 'name', 'preserveEnv', 'terminal'] },
  place: ({ user = 'root' }) => user,
  words: ({ user = 'root', preserveEnv = false, selinuxRole, selinuxType }) => [
    '-A',
    '-H',
    '-u',
    user,
    ...(preserveEnv ? ['-E'] : []),
    ...(selinuxRole === undefined ? [] : ['-r', selinuxRole]),
    ...(selinuxType === undefined ? [] : ['-t', selinuxType]),
    '--',
  ],
  asks: () => 'sudo',
  needsTerminal: ({ terminal = false }) => terminal,
  // It translates what it says: that it asked before is the surer sign.
  isRefusal: ({ exit, wasAnswered, words }) => exit.code === 1 && (wasAnswered || words.some((line) => REFUSED.test(line))),
});
