// A small process between the primer and each tool. It leads the tool's process group and holds the read end of a pipe whose
// other end only the primer has: when the primer dies, even by SIGKILL, the pipe ends and the whole group is killed.
// So no install or build of a dead run ever writes beside the next one.
import { spawn } from 'node:child_process';
import net from 'node:net';

const PIPE_FD = 3;

/** Runs `file args…` and ends with its code (128 + n for a signal). Never returns otherwise. */
export function guard(file: string, args: readonly string[]): void {
  const endGroup = (): void => {
    process.kill(-process.pid, 'SIGKILL');
  };
  const pipe = new net.Socket({ fd: PIPE_FD, readable: true, writable: false });
  pipe.on('error', endGroup);
  pipe.on('close', endGroup);
  pipe.resume();
  const tool = spawn(file, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  tool.on('error', (error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(127);
  });
  tool.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGKILL' ? 137 : 143)));
}
