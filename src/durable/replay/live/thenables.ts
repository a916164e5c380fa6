// What the program waits for. A native promise is its own: every promise it holds came from us or from the language. A thenable from
// outside (a query builder) runs where it is awaited, once, as a recorded call.
import { types } from 'node:util';
import { siteOf, type CallSpec } from '../calls/call-spec.ts';
import type { SessionParts } from '../session/session-parts.ts';
import { externalCall } from '../calls/external-call.ts';
import type { HookSite } from '../calls/hook-contract.ts';
import { classNameOf } from './live-objects.ts';
import { modeOf } from '../session/mode.ts';
import { isFunction, isObject } from '../kinds/value-checks.ts';

function waitSpec(site: HookSite, fn: string, module: string, run: () => unknown): CallSpec {
  return {
    fn,
    site: siteOf(site),
    args: [],
    mode: 'async',
    awaited: true,
    effect: true,
    atMostOnce: false,
    liveAllowed: true,
    module,
    step: false,
    channels: false,
    run,
  };
}

/** What is awaited instead of `x`. */
export function awaited(parts: SessionParts, site: HookSite, x: unknown): unknown {
  if (!isObject(x) || types.isPromise(x)) return x;
  const { live, options } = parts;
  const info = live.of(x);
  // A stand-in has no `then` of its own, or the language would wait for it: its class says whether it is waited for.
  const then: unknown = info?.isStandIn === true ? thenOf(x) : Reflect.get(x, 'then');
  if (!isFunction(then)) return x;
  const kind = options.realm.kinds.of(then, info?.module === '' ? undefined : info?.module);
  if (kind.how !== 'outside' || modeOf(parts) === 'plain') return x;
  const name = info?.className ?? classNameOf(x);
  const module = kind.module;
  const spec = waitSpec(site, `await ${module === '' ? '' : `${module}.`}${name}`, module, async () => await (x as PromiseLike<unknown>));
  if (info?.isStandIn !== true) return externalCall(parts, spec);
  return externalCall(parts, { ...spec, receiver: { value: x, info, method: 'then', invoke: (real) => real } });
}

/** The method by which the class of a stand-in is waited for. */
function thenOf(standIn: object): unknown {
  const prototype: unknown = Object.getPrototypeOf(standIn);
  return isObject(prototype) ? Reflect.get(prototype, 'then') : undefined;
}

/** `await o.key`: recorded when `o` is a live object, since its fields are not. */
export function awaitedField(parts: SessionParts, site: HookSite, o: unknown, key: unknown): unknown {
  const value: unknown = (o as Record<PropertyKey, unknown>)[key as PropertyKey];
  const info = parts.live.of(o);
  if (info === undefined || typeof o !== 'object' || o === null || modeOf(parts) === 'plain') return awaited(parts, site, value);
  const field = String(key);
  const fn = `await ${info.module === '' ? '' : `${info.module}.`}${info.className}.${field}`;
  const invoke = (real: object): unknown => Reflect.get(real, field);
  return externalCall(parts, {
    ...waitSpec(site, fn, info.module, () => value),
    receiver: { value: o, info, method: field, invoke },
  });
}
