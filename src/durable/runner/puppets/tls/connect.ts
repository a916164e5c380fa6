import type { ConnectionOptions } from 'node:tls';
import type { PuppetSocketOptions } from '../socket/puppet-socket.ts';
import { refuseQuestions, SYNCHRONOUS } from './questions.ts';
import { PuppetTlsSocket } from './puppet-tls-socket.ts';

const isOptions = (value: unknown): value is ConnectionOptions & { readonly timeout?: number; readonly allowHalfOpen?: boolean } =>
  typeof value === 'object' && value !== null;

/** `tls.connect` of a program, in all its forms: options, port, host, callback. */
export function connectTlsPuppet(given: readonly unknown[]): PuppetTlsSocket {
  const [first, second] = given;
  const later = given.slice(isOptions(first) ? 0 : 1).find(isOptions) ?? {};
  const options = {
    ...later,
    ...(isOptions(first) ? {} : typeof first === 'string' && !(Number(first) >= 0) ? { path: first } : { port: Number(first) }),
    ...(typeof second === 'string' ? { host: second } : {}),
  };
  refuseQuestions(options, SYNCHRONOUS);
  const { socket, timeout, allowHalfOpen } = options as ConnectionOptions & { readonly timeout?: number; readonly allowHalfOpen?: boolean };
  const puppet = new PuppetTlsSocket({ allowHalfOpen: allowHalfOpen === true } as PuppetSocketOptions).secure(options);
  if (typeof timeout === 'number' && timeout > 0) puppet.setTimeout(timeout);
  const callback = given.find((arg) => typeof arg === 'function');
  const { socket: _socket, ...rest } = options;
  // Over a connection that stands there is nothing to look up.
  const target = socket === undefined ? rest : { ...rest, port: options.port ?? 0, host: undefined, lookup: undefined };
  return puppet.connect(target, ...(callback === undefined ? [] : [callback]));
}
