// Ways out of a program that have no puppet yet: refused with what to do instead, so that nothing leaves unrecorded.
import cluster from 'node:cluster';
import http2 from 'node:http2';
import { ResproutError } from '../../../base/errors.ts';
import type { Patcher } from '../globals/patch.ts';

type AnyFunction = (...args: unknown[]) => unknown;

function refuse(what: string, way: string): never {
  throw new ResproutError(
    'PACKAGE_NEEDS_BOUNDARY',
    `${what} cannot be used by the code of a session: what it says to others is not recorded`,
    { tried: what, do: way },
  );
}

/** HTTP/2 and clusters. */
export function patchRefused(patcher: Patcher): void {
  const put = (holder: object, key: string, what: string, way: string): void => {
    const original = Reflect.get(holder, key) as AnyFunction;
    patcher.replace(holder, key, 'own', (...args: unknown[]): unknown =>
      patcher.session() === undefined ? (Reflect.apply(original, holder, args) as unknown) : refuse(what, way),
    );
  };
  const way = 'Put the whole exchange into one activity(), or use node:https, whose connections are recorded';
  for (const name of ['connect', 'createServer', 'createSecureServer']) put(http2, name, `node:http2.${name}`, way);
  put(cluster, 'fork', 'node:cluster.fork', 'Start processes with fork of node:child_process, each with a server of its own');
}
