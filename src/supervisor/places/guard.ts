// Ends the processes of units when this process is killed, whatever they do: an endless loop hears of nothing. It is one small shell in a
// session of its own, which is told of each process and waits for the end of its input. Each is
// sent a SIGTERM, and those that hear of it have two seconds to tear down.
//   G1. A unit's process is told of before it is told to begin.
//   G2. It ends with the last unit.
import type { Writable } from 'node:stream';
import { startProcess, type StartedProcess } from '../../platform/process/spawner.ts';

const SCRIPT = `
all=' '
while read -r what pid; do
  case $what in
    +) all="$all$pid " ;;
    -) rest=' '; for one in $all; do [ "$one" = "$pid" ] || rest="$rest$one "; done; all=$rest ;;
  esac
done
for one in $all; do kill -TERM "$one" 2>/dev/null; done
round=0
while [ $round -lt 20 ]; do
  left=
  for one in $all; do kill -0 -"$one" 2>/dev/null && left=1; done
  [ -z "$left" ] && exit 0
  sleep 0.1 2>/dev/null || sleep 1
  round=$((round + 1))
done
for one in $all; do kill -9 -"$one" 2>/dev/null; done
`;

/** Watches over process groups. One per process is enough. */
class Guard {
  readonly #pids = new Set<number>();
  #shell: Promise<StartedProcess> | undefined;

  /** From here on the group of `pid` ends with this process. @throws the system's error when there is no shell */
  async add(pid: number): Promise<void> {
    this.#pids.add(pid);
    await this.#tell(`+ ${pid}\n`);
  }

  /** The group is gone. Resolves when nothing of the guard is left that nobody needs. */
  async remove(pid: number): Promise<void> {
    if (!this.#pids.delete(pid)) return;
    const shell = this.#shell;
    const isLast = this.#pids.size === 0;
    if (isLast) this.#shell = undefined;
    // Where no shell could be started there is nobody to tell, and whoever added a unit was told so.
    const started = await shell?.catch(() => undefined);
    if (started === undefined) return;
    if (!isLast) return void inputOf(started).write(`- ${pid}\n`);
    inputOf(started).end(`- ${pid}\n`);
    await started.exited;
  }

  async #tell(line: string): Promise<void> {
    const shell = (this.#shell ??= this.#start());
    try {
      inputOf(await shell).write(line);
    } catch (error) {
      // The next unit tries again.
      if (this.#shell === shell) this.#shell = undefined;
      throw error;
    }
  }

  /** A guard that was killed is followed by another one, which is told of everything. */
  async #start(): Promise<StartedProcess> {
    const { PATH = '/usr/bin:/bin' } = process.env;
    const started = await startProcess({ file: '/bin/sh', args: ['-c', SCRIPT], env: { PATH }, stdio: ['pipe', 'null', 'null'], cwd: '/' });
    void started.exited.then(async () => {
      if (this.#shell === undefined || (await this.#shell) !== started) return;
      this.#shell = undefined;
      for (const pid of this.#pids) await this.#tell(`+ ${pid}\n`);
    });
    return started;
  }
}

function inputOf({ pipes }: StartedProcess): Writable {
  return pipes[0] as Writable;
}

/** The guard of this process. */
export const guard: Guard = new Guard();
