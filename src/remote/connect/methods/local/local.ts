import { ResproutError, toError } from '../../../../base/errors/errors.ts';
import { streamsLink } from '../../../../platform/links/link-streams.ts';
import { startProcess, type StartedProcess } from '../../../../platform/process/spawner.ts';
import { byteSource, duplexPipe, readablePipe } from '../../tool/byte-source.ts';
import { connectLimitMs, Deadline } from '../../deadline.ts';
import { endTool } from '../../tool/end-tool.ts';
import { inheritedEnv } from '../../../../platform/process/inherited-env.ts';
import { firstStage, PLAIN_HEAD } from '../../start/first-stage.ts';
import { LastWords } from '../../tool/last-words.ts';
import { findLocalNode } from './local-node.ts';
import type { ByteSource, Dialled, DialRequest, MethodOf } from '../../method.ts';
import type { CommonRecipe } from '../../recipe.ts';

/** A child process of this machine and user. */
export interface LocalRecipe extends CommonRecipe {
  readonly method: 'local';
  /** Folder in which the process starts; that of its parent when absent. */
  readonly cwd?: string;
}

/** The source, whose lines are also kept as last words. */
function kept(source: ByteSource, words: LastWords): ByteSource {
  const cutter = words.cutter('transport');
  return {
    ...source,
    onData: (handler) =>
      source.onData((bytes) => {
        cutter.push(bytes);
        handler(bytes);
      }),
  };
}

async function start(recipe: LocalRecipe, request: DialRequest, command: readonly string[]): Promise<StartedProcess> {
  const [file = process.execPath, ...args] = command;
  const env = inheritedEnv(request.seams.env, recipe.env);
  const place = recipe.cwd === undefined ? {} : { cwd: recipe.cwd };
  try {
    const stage = firstStage(request.boot.length);
    return await startProcess({ file, args: [...args, '-e', stage], env, stdio: ['null', 'pipe', 'pipe', 'pipe'], ...place });
  } catch (error) {
    const { message } = toError(error);
    const where = recipe.cwd === undefined ? file : `${file} in ${recipe.cwd}`;
    const fields = { tried: `start ${where}`, saw: message };
    throw new ResproutError('REMOTE_CONNECT_FAILED', `local ${recipe.name} cannot be started: ${message}`, fields, { cause: error });
  }
}

async function open(recipe: LocalRecipe, request: DialRequest): Promise<Dialled> {
  const { seams, signal } = request;
  const limitMs = connectLimitMs(request);
  const deadline = new Deadline(seams.clock, limitMs, () => {});
  try {
    signal.throwIfAborted();
    const node = await findLocalNode(recipe, seams);
    signal.throwIfAborted();
    const child = await start(recipe, request, node.command);
    const words = new LastWords(() => {});
    const socket = duplexPipe(child.pipes[3]);
    const link = streamsLink(recipe.name, socket, socket);
    link.send(PLAIN_HEAD);
    link.send(request.boot);
    const kill = async (): Promise<void> => {
      link.close();
      await endTool(child, seams.clock);
    };
    if (signal.aborted) {
      await kill();
      signal.throwIfAborted();
    }
    return {
      link,
      stdout: byteSource(readablePipe(child.pipes[1])),
      stderr: kept(byteSource(readablePipe(child.pipes[2])), words),
      node: { path: node.path, version: node.version },
      pid: child.pid,
      exited: child.exited,
      remainingMs: deadline.remainingMs,
      lastWords: () => words.lines(),
      unref: () => child.unref(),
      kill,
      leaving: { outputs: child.pipes.slice(1, 3), done: () => Promise.resolve(link.close()) },
    };
  } finally {
    deadline.clear();
  }
}

/** A child process of ours: no shell, no probe, the core and the frames on a duplex descriptor 3. */
export const localMethod: MethodOf<LocalRecipe> = {
  name: 'local',
  farStdio: 'duplex',
  fields: { cwd: 'path' },
  required: [],
  target: { help: 'local:NAME', place: 'name', slashes: 'never', options: ['node'] },
  defaultName: () => 'local',
  isWithin: false,
  describe: (recipe) => `local ${recipe.name}`,
  isCutOff: () => false,
  open,
};
