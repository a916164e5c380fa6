import { firstStage } from './first-stage.ts';
import { namedText, seekingText } from './probe.ts';
import { quote } from './quote.ts';

/** Longest command that we give to a transport: some sudo rules, container tools and logs have limits not far above it. */
export const COMMAND_LIMIT_BYTES = 1800;

/**
 * The command line that any login shell of the far side can run: finds Node, says `MARK ok …` or `MARK no …` on stdout and starts the
 * first stage. Stdin carries the core, then frames.
 *
 * @param mark a random word; the far side cannot have printed it by chance
 * @param bootBytes length of the core
 * @param node the words of the Node that the user named; sought when absent
 */
export function farCommand(mark: string, bootBytes: number, node?: string | readonly string[]): string {
  const stage = quote(firstStage(bootBytes));
  if (node === undefined) return `sh -c ${quote(seekingText())} ${mark} ${stage}`;
  const words = (typeof node === 'string' ? [node] : node).map(quote);
  return `sh -c ${quote(namedText())} ${mark} ${stage} ${words.join(' ')}`;
}
