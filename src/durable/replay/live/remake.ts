// Live objects on replay: made again by their call, or a stand-in until they are used.
import { types } from 'node:util';
import type { CallSpec } from '../calls/call-spec.ts';
import type { Engine } from '../session/engine.ts';
import type { LiveInfo, NewLiveInfo } from './live-objects.ts';
import { isListening } from './listeners.ts';
import { perform } from '../calls/perform.ts';
import { makeStandIn } from './stand-in.ts';
import { isObject } from '../kinds/value-checks.ts';

/** Objects in fields of a live object that are live as well, such as `child.stdout`: reading a field is not recorded. */
function adoptFields(engine: Engine, spec: CallSpec, id: number, value: object, className: string): void {
  for (const [key, property] of Object.entries(Object.getOwnPropertyDescriptors(value))) {
    const field: unknown = property.value;
    if (!property.enumerable || !isObject(field) || typeof field === 'function') continue;
    if (['on', 'getReader', 'addEventListener'].every((name) => typeof Reflect.get(field, name) !== 'function')) continue;
    engine.live.adopt(field, { className: `${className}.${key}`, module: spec.module, callId: id, site: spec.site, isStandIn: false });
  }
}

/** Notes a live result that this process made. */
export function adoptResult(engine: Engine, spec: CallSpec, id: number, value: object, className: string): void {
  if (engine.live.of(value) !== undefined) return;
  engine.live.adopt(value, { className, module: spec.module, callId: id, site: spec.site, isStandIn: false });
  adoptFields(engine, spec, id, value, className);
}

/** A stand-in with its fields: each is a stand-in of its own, made when it is read. */
function standIn(engine: Engine, info: NewLiveInfo, spec?: CallSpec): object {
  const { realm } = engine.options;
  const Class: unknown = engine.options.classNamed?.(info.className) ?? realm.exports.classNamed(info.className);
  const prototype: unknown = typeof Class === 'function' ? Reflect.get(Class, 'prototype') : null;
  const made = makeStandIn(info.className, info.module, realm.kinds, isObject(prototype) ? prototype : null, (field, name) => {
    engine.live.adopt(field, { ...info, className: `${info.className}.${name}`, reopen: fieldOf(info, name) });
  });
  const known = engine.live.adopt(made, info);
  if (known !== undefined && spec !== undefined) engine.listeners.opened(spec, info.callId, known);
  return made;
}

function fieldOf(info: Pick<LiveInfo, 'reopen'>, name: string): (() => unknown) | undefined {
  const { reopen } = info;
  if (reopen === undefined) return undefined;
  return () => {
    const real = reopen();
    if (!isObject(real)) return undefined;
    return types.isPromise(real)
      ? real.then((opened): unknown => (isObject(opened) ? Reflect.get(opened, name) : undefined))
      : (Reflect.get(real, name) as unknown);
  };
}

/** Opens an object once, whoever asks first: its own call, or that of a field. Then its recorded listeners listen again. */
function once(engine: Engine, id: number, open: () => unknown): () => unknown {
  let opened: { readonly real: unknown } | undefined;
  return () => {
    if (opened === undefined) {
      opened = { real: open() };
      if (!types.isPromise(opened.real)) engine.listeners.reattach(id);
    }
    return opened.real;
  };
}

/** The stand-in for what a call opened in an earlier process. A call that gave its own receiver gives it again. */
export function standInFor(engine: Engine, spec: CallSpec, id: number, args: readonly unknown[], className: string): object {
  const { receiver } = spec;
  if (receiver?.info.isStandIn === true && (receiver.info.className === className || isListening(spec))) return receiver.value;
  const derived = receiver?.info.isStandIn === true;
  const info = { className, module: spec.module, callId: id, site: spec.site, isStandIn: true };
  return derived
    ? standIn(engine, info)
    : standIn(engine, { ...info, reopen: once(engine, id, () => perform(engine, spec, id, args, true)) }, spec);
}

/** A stand-in for an argument of a recorded callback. */
export function standInOfCallback(engine: Engine, id: number, className: string): object {
  const site = { id: 'callback', file: '', line: 0, column: 0 };
  return standIn(engine, { className, module: '', callId: id, site, isStandIn: true });
}

/** The live result of a recorded synchronous call. */
export function remake(engine: Engine, spec: CallSpec, id: number, args: readonly unknown[], className: string): unknown {
  const { receiver } = spec;
  if (spec.remake === 'lazy' || receiver?.info.isStandIn === true) return standInFor(engine, spec, id, args, className);
  const made = perform(engine, { ...spec, receiver: undefined }, id, args, false);
  if (isObject(made)) adoptResult(engine, spec, id, made, className);
  return made;
}
