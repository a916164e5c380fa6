import { ResproutError, toError } from '../../../../base/errors/errors.ts';
import { errnoOf } from '../../../../platform/errno.ts';
import { startProcess } from '../../../../platform/process/spawner.ts';
import { byteSource, readablePipe } from '../../tool/byte-source.ts';
import { inheritedEnv } from '../../../../platform/process/inherited-env.ts';
import { LastWords } from '../../tool/last-words.ts';
import type { DialSeams } from '../../method.ts';
import { nodeError } from '../../start/node-error.ts';
import { isNewEnough, parseNodeVersion } from '../../start/node-version.ts';
import type { CommonRecipe } from '../../recipe.ts';

const ANSWER_LIMIT_MS = 3000;

/** A Node of this machine that was found good. */
export interface LocalNode {
  /** Words to which `-e PROGRAM` is appended. */
  readonly command: readonly string[];
  /** For messages. */
  readonly path: string;
  readonly version: string;
}

/** What this machine answers when it has no room for another process: that says nothing of the file. */
const EXHAUSTED: ReadonlySet<string> = new Set(['EMFILE', 'ENFILE', 'EAGAIN', 'ENOMEM']);

/** What `COMMAND -v` says, at most one line; undefined when it cannot be started or says nothing within 3 s. @throws ResproutError REMOTE_CONNECT_FAILED */
async function askVersion(command: readonly string[], seams: DialSeams): Promise<string | undefined> {
  const [file = '', ...args] = command;
  const words = new LastWords(() => {});
  try {
    const child = await startProcess({ file, args: [...args, '-v'], env: inheritedEnv(seams.env), stdio: ['null', 'pipe', 'null'] });
    const timer = seams.clock.after(ANSWER_LIMIT_MS, () => child.signal('SIGKILL', 'group'));
    await words.read(byteSource(readablePipe(child.pipes[1])), 'stdout');
    timer.clear();
    await child.exited;
  } catch (thrown) {
    const error = toError(thrown);
    const errno = errnoOf(error);
    // It cannot be started: the caller says that it does not run.
    if (errno === undefined || !EXHAUSTED.has(errno)) return undefined;
    const fields = {
      tried: `start ${command.join(' ')} -v`,
      saw: error.message,
      do: 'Close files or processes, or raise the limit (ulimit -n, ulimit -u)',
    };
    throw new ResproutError('REMOTE_CONNECT_FAILED', `no process can be started for ${file}: ${error.message}`, fields, { cause: error });
  }
  return words.lines()[0];
}

/**
 * The Node for a local child: the one of this process, or the one that the recipe names, asked for its version.
 *
 * @throws ResproutError REMOTE_NODE_MISSING, REMOTE_NODE_TOO_OLD, REMOTE_CONNECT_FAILED
 */
export async function findLocalNode(recipe: CommonRecipe, seams: DialSeams): Promise<LocalNode> {
  // Where this Node was put by another one, that has said how it is found.
  const own = seams.env['RESPROUT_NODE'] ?? process.execPath;
  if (recipe.node === undefined) return { command: [own], path: own, version: process.versions.node };
  const command = typeof recipe.node === 'string' ? [recipe.node] : recipe.node;
  const path = command.join(' ');
  const said = await askVersion(command, seams);
  const version = parseNodeVersion(said ?? '');
  if (version !== undefined && isNewEnough(version)) return { command, path, version };
  const candidate = { path, version: version === undefined ? undefined : said, isBroken: version === undefined };
  throw nodeError(`local ${recipe.name}`, [candidate], '', true);
}
