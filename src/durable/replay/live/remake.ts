// Live objects on replay: made again by their call, or a stand-in until they are used.
import { types } from 'node:util';
import type { Outcome } from '../../journal/events/event.ts';
import type { CallSpec } from '../calls/call-spec.ts';
import type { SessionParts } from '../session/session-parts.ts';
import type { LiveInfo, NewLiveInfo } from './live-objects.ts';
import { isListening } from './listeners.ts';
import { perform } from '../calls/perform.ts';
import { makeStandIn } from './stand-in.ts';
import { isObject } from '../kinds/value-checks.ts';

type LiveOutcome = Extract<Outcome, { readonly kind: 'live' }>;

/** Objects in fields of a live object that are live as well, such as `child.stdout`: reading a field is not recorded. */
function adoptFields(parts: SessionParts, spec: CallSpec, id: number, value: object, className: string): void {
  for (const [key, property] of Object.entries(Object.getOwnPropertyDescriptors(value))) {
    const field: unknown = property.value;
    if (!property.enumerable || !isObject(field) || typeof field === 'function') continue;
    if (['on', 'getReader', 'addEventListener'].every((name) => typeof Reflect.get(field, name) !== 'function')) continue;
    parts.live.adopt(field, { className: `${className}.${key}`, module: spec.module, callId: id, site: spec.site, isStandIn: false });
  }
}

/** Notes a live result that this process made. */
export function adoptResult(parts: SessionParts, spec: CallSpec, id: number, value: object, className: string): void {
  if (parts.live.of(value) !== undefined) return;
  parts.live.adopt(value, { className, module: spec.module, callId: id, site: spec.site, isStandIn: false });
  adoptFields(parts, spec, id, value, className);
}

/** A stand-in with its fields: each is a stand-in of its own, made when it is read. */
function standIn(parts: SessionParts, info: NewLiveInfo, spec?: CallSpec): object {
  const { realm } = parts.options;
  const Class: unknown = parts.options.classNamed?.(info.className) ?? realm.exports.classNamed(info.className);
  const prototype: unknown = typeof Class === 'function' ? Reflect.get(Class, 'prototype') : null;
  const made = makeStandIn(info.className, info.module, realm.kinds, isObject(prototype) ? prototype : null, (field, name) => {
    parts.live.adopt(field, { ...info, className: `${info.className}.${name}`, reopen: fieldOf(info, name) });
  });
  const known = parts.live.adopt(made, info);
  if (known !== undefined && spec !== undefined) parts.listeners.opened(spec, info.callId, known);
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

/** Opens an object once, whoever asks first: its own call, or that of a field. Then it is set up, and its recorded listeners listen again. */
function once(parts: SessionParts, id: number, open: () => unknown, steps: () => LiveInfo['steps']): () => unknown {
  let opened: { readonly real: unknown } | undefined;
  return () => {
    if (opened === undefined) {
      const real = open();
      if (isObject(real) && !types.isPromise(real)) for (const step of steps()) step(real);
      opened = { real };
      if (!types.isPromise(real)) parts.listeners.reattach(id);
    }
    return opened.real;
  };
}

/** The stand-in for what a call opened in an earlier process. A call that gave its own receiver gives it again. */
export function standInFor(parts: SessionParts, spec: CallSpec, id: number, args: readonly unknown[], live: LiveOutcome): object {
  const { receiver } = spec;
  const { className } = live;
  if (receiver?.info.isStandIn === true && (live.isReceiver === true || isListening(spec))) {
    if (!isListening(spec)) receiver.info.steps.push((real) => receiver.invoke(real, args));
    return receiver.value;
  }
  const info = { className, module: spec.module, callId: id, site: spec.site, isStandIn: true, parent: receiver?.info };
  const reopen = once(
    parts,
    id,
    () => perform(parts, spec, id, args, true),
    () => parts.live.of(made)?.steps ?? [],
  );
  const made = standIn(parts, { ...info, reopen }, spec);
  return made;
}

/** A stand-in for an argument of a recorded callback. */
export function standInOfCallback(parts: SessionParts, id: number, className: string): object {
  const site = { id: 'callback', file: '', line: 0, column: 0 };
  return standIn(parts, { className, module: '', callId: id, site, isStandIn: true });
}
