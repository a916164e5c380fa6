// Preloaded into every test file: fails the file when it leaves a child process, socket, server, worker or timer behind.
import { after } from 'node:test';
import { childrenOf, commandOf } from './processes.ts';

const IGNORED = new Set(['TTYWrap', 'PipeWrap', 'FSReqCallback', 'FSReqPromise', 'Immediate', 'CloseReq', 'TickObject']);
const count = (): Map<string, number> => {
  const all = new Map<string, number>();
  for (const name of process.getActiveResourcesInfo()) if (!IGNORED.has(name)) all.set(name, (all.get(name) ?? 0) + 1);
  return all;
};

const before = count();
after(async () => {
  if (process.platform !== 'linux') return;
  let leaks: string[] = [];
  for (let waitedMs = 0; waitedMs <= 6000; waitedMs += 50) {
    leaks = [...count()]
      .filter(([name, n]) => n > (before.get(name) ?? 0) && !(name === 'Timeout' && n === 1))
      .map(([name, n]) => `${name} x${n}`);
    leaks.push(...childrenOf(process.pid).map((pid) => `process ${pid} ${commandOf(pid)}`));
    if (leaks.length === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`leaked after the tests of this file: ${leaks.join(', ')}`);
});
