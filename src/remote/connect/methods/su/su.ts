import type { MethodOf } from '../../method.ts';
import { commandLine } from '../../start/far-command.ts';
import { entering, TOOL_FIELDS, type ToolRecipe } from '../../tool/entering.ts';

/** A process of another user, through `su`. */
export interface SuRecipe extends ToolRecipe {
  readonly method: 'su';
  /** Whose process it is; `root` when absent. */
  readonly user?: string;
  /** Whether its login shell runs as one that logs in (`-l`): with its environment, in its home. */
  readonly login?: boolean;
  /** The shell that runs the command in place of the user's own (`-s`). */
  readonly shell?: string;
}

export const suMethod: MethodOf<SuRecipe> = entering<SuRecipe>({
  name: 'su',
  tool: 'su',
  fields: { user: 'user', login: 'flag', shell: 'path', ...TOOL_FIELDS },
  required: [],
  target: { help: 'su:USER', place: 'user', slashes: 'never', options: ['node', 'name', 'login', 'shell'] },
  place: ({ user = 'root' }) => user,
  // The user comes before the command: so say the su of Linux, BSD and macOS alike.
  words: ({ user = 'root', login = false, shell }) => [...(login ? ['-l'] : []), ...(shell === undefined ? [] : ['-s', shell]), user, '-c'],
  join: commandLine,
  // Root is not asked: what looks like a question then is of the other user's start files, who must not get an answer.
  asks: () => (process.getuid?.() === 0 ? 'unanswered' : 'stderr'),
  isRefusal: ({ exit, wasAnswered, words }) =>
    exit.code === 1 && (wasAnswered || words.some((line) => /Authentication failure|incorrect password|Sorry/i.test(line))),
});
