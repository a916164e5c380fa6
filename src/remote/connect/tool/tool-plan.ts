import type { ResproutError } from '../../../base/errors/errors.ts';
import type { ExitReport } from '../../../base/seams/spawner.ts';

/** How a tool ended before the far side had spoken. */
export interface ToolEnd {
  readonly exit: ExitReport;
  readonly words: readonly string[];
  /** Whether a question was answered before. */
  readonly wasAnswered: boolean;
  /** The error for a question that was refused, when the tool went on after it. */
  readonly needed: ResproutError | undefined;
}

/** A tool that runs one command on the far side, with stdin and stdout as the way there: ssh, and others after it. */
export interface ToolPlan {
  readonly file: string;
  /** Its arguments, given the words of the far command. */
  readonly args: (words: readonly string[]) => readonly string[];
  /**
   * How it asks. `ssh` and `sudo`: through our askpass, by their variables. `stderr`: by text there, answered on its stdin. `terminal`: by text at
   * one of its own, answered there. `unanswered`: by text, if at all, and it gets no answer.
   */
  readonly asks: 'ssh' | 'sudo' | 'stderr' | 'terminal' | 'unanswered' | 'never';
  /** Whether it gets a terminal although it asks elsewhere. */
  readonly needsTerminal?: boolean;
  /** With what it begins its messages, where it asks by text: `su:`. */
  readonly prefix?: string;
  /** For messages: `ssh deploy@web-3`, and who asks: `deploy@web-3`. */
  readonly tried: string;
  readonly target: string;
  readonly hostKey?: string | undefined;
  /** Whether what it asks through our askpass may begin with an option of Node. */
  readonly givesBareTexts?: boolean;
  /** Whether what it opens is another machine's, and lives on there when the tool has ended. */
  readonly isElsewhere?: boolean;
  /** What is kept of a line on its stderr; undefined = nothing. All of it when absent. */
  readonly plainWord?: (line: string) => string | undefined;
  /** The error for its end. */
  readonly explain: (end: ToolEnd) => ResproutError;
}
