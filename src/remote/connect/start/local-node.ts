import { startProcess } from '../../../platform/process/spawner.ts';
import { byteSource, readablePipe } from '../tool/byte-source.ts';
import { inheritedEnv } from '../tool/environment.ts';
import { LastWords } from '../tool/last-words.ts';
import type { DialSeams } from '../method.ts';
import { nodeError } from './node-error.ts';
import { isNewEnough, parseNodeVersion } from './node-version.ts';
import type { LocalRecipe } from '../recipe.ts';

const ANSWER_LIMIT_MS = 3000;

/** A Node of this machine that was found good. */
export interface LocalNode {
  /** Words to which `-e PROGRAM` is appended. */
  readonly command: readonly string[];
  /** For messages. */
  readonly path: string;
  readonly version: string;
}

/** What `COMMAND -v` says, at most one line; undefined when it cannot be started or says nothing within 3 s. */
async function askVersion(command: readonly string[], seams: DialSeams): Promise<string | undefined> {
  const [file = '', ...args] = command;
  const words = new LastWords(() => {});
  try {
    const child = await startProcess({ file, args: [...args, '-v'], env: inheritedEnv(seams.env), stdio: ['null', 'pipe', 'null'] });
    const timer = seams.clock.after(ANSWER_LIMIT_MS, () => child.signal('SIGKILL', 'group'));
    await words.read(byteSource(readablePipe(child.pipes[1])), 'stdout');
    timer.clear();
    await child.exited;
  } catch {
    // It cannot be started: the caller says that it does not run.
    return undefined;
  }
  return words.lines()[0];
}

/**
 * The Node for a local child: the one of this process, or the one that the recipe names, asked for its version.
 *
 * @throws ResproutError REMOTE_NODE_MISSING, REMOTE_NODE_TOO_OLD
 */
export async function findLocalNode(recipe: LocalRecipe, seams: DialSeams): Promise<LocalNode> {
  if (recipe.node === undefined) return { command: [process.execPath], path: process.execPath, version: process.versions.node };
  const command = typeof recipe.node === 'string' ? [recipe.node] : recipe.node;
  const path = command.join(' ');
  const said = await askVersion(command, seams);
  const version = parseNodeVersion(said ?? '');
  if (version !== undefined && isNewEnough(version)) return { command, path, version };
  const candidate = { path, version: version === undefined ? undefined : said, isBroken: version === undefined };
  throw nodeError(`local ${recipe.name}`, [candidate], '', true);
}
