import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';

export default async function main() {
  const { stdout } = await promisify(execFile)('echo', ['one']);
  const child = spawn('sh', ['-c', 'read line; echo "got $line"; echo problem >&2; exit 3']);
  child.stdin.end('two\n');
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  const failed = await promisify(execFile)('sh', ['-c', 'exit 4']).catch((error) => error.code);
  const worker = new Worker("require('node:worker_threads').parentPort.postMessage([6 * 7])", { eval: true });
  const [message] = await once(worker, 'message');
  await once(worker, 'exit');
  return { stdout, out, err, code, failed, message };
}
