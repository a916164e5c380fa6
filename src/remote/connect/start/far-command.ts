import { firstStage } from './first-stage.ts';
import { namedText, seekingText } from './probe.ts';
import { quote } from './quote.ts';

/** Longest command that we give to a transport: some sudo rules, container tools and logs have limits not far above it. */
export const COMMAND_LIMIT_BYTES = 1800;

/**
 * The words that find Node on the far side, say `MARK ok …` or `MARK no …` on stdout and start the first stage. Stdin carries the core, then
 * frames. For a tool that runs words; for one that gives its words to a shell: `farCommand`.
 *
 * @param mark a random word; the far side cannot have printed it by chance
 * @param bootBytes length of the core
 * @param node the words of the Node that the user named; sought when absent
 * @param takesOne whether a Node may come on stdin when none fits; the core is sent after the marker then
 */
export function farWords(mark: string, bootBytes: number, node?: string | readonly string[], takesOne = false): readonly string[] {
  const stage = firstStage(bootBytes);
  if (node === undefined) return ['sh', '-c', seekingText(takesOne), mark, stage];
  return ['sh', '-c', namedText(takesOne), mark, stage, ...(typeof node === 'string' ? [node] : node)];
}

/** Words as one command line that any login shell can run. */
export function commandLine(words: readonly string[]): string {
  return words.map((word) => (/^[a-z0-9-]+$/.test(word) ? word : quote(word))).join(' ');
}

/** The far command as one line. */
export function farCommand(mark: string, bootBytes: number, node?: string | readonly string[]): string {
  return commandLine(farWords(mark, bootBytes, node));
}
