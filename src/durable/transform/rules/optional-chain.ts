// Optional chains with a hooked call in them. `a?.b.c(x)?.d` falls into segments at the question marks; each one runs on a register that holds
// what is left of it: `((u = a) == null ? void 0 : ((u = c1(s, (t = u.b), t.c, x)) == null ? void 0 : u.d))`.
// A register is read before any user code can run, so one of each is enough.
import type { AnyNode, CallExpression, ChainExpression, Expression, MemberExpression, Super } from 'acorn';
import { bare } from '../../../modules/text/ast.ts';
import type { Emitter } from '../emitter.ts';
import { emitCallHead, emitCallTail } from './call-parts.ts';
import { emitKey, emitProperty } from './property.ts';
import { emitMemberCallee } from './receiver.ts';

type Link = MemberExpression | CallExpression;

/** What a segment starts from. */
type Base =
  | { readonly kind: 'node'; readonly node: Expression | Super }
  /** A value in the register `u`, receiver of the first link. */
  | { readonly kind: 'value' }
  /** A function about to be called: texts of receiver and function. */
  | { readonly kind: 'callee'; readonly receiver: string; readonly callee: string };

/** How the whole chain ends. */
interface Ending {
  /** Written where a link is null or undefined. */
  readonly nullish: string;
  /** Written before the last segment. */
  readonly prefix: string;
  /** Whether the last link is a member whose object and value are left in the registers of the hook. */
  readonly leaves: boolean;
}

const PLAIN: Ending = { nullish: 'void 0', prefix: '', leaves: false };

/** A chain as an expression. */
export function emitChain(node: ChainExpression, emitter: Emitter): void {
  if (hasHookedCall(node.expression, emitter)) new ChainWriter(node, emitter).write(PLAIN);
  else emitter.copy(node);
}

/** `delete a?.b().c`: the deletion moves to the last segment. */
export function emitChainDeletion(node: ChainExpression, emitter: Emitter): void {
  new ChainWriter(node, emitter).write({ nullish: 'true', prefix: 'delete ', leaves: false });
}

/** Whether the chain has a call that goes through the hook. */
export function hasHookedCall(node: AnyNode, emitter: Emitter): boolean {
  for (let link = node; ;) {
    if (link.type === 'CallExpression') {
      if (!emitter.statics.isInlineCallee(link.callee) || link.optional) return true;
      link = link.callee;
    } else if (link.type === 'MemberExpression') link = link.object;
    else return false;
  }
}

/** `(a?.b)` as a callee: leaves receiver and function in the registers of the hook; the chain must end in a member. */
export function emitChainLeaving(node: ChainExpression, emitter: Emitter): void {
  new ChainWriter(node, emitter).write({ nullish: `${emitter.names.hook}.o()`, prefix: '', leaves: true });
}

/**
 * Emits `receiver, function` of a call: the receiver is evaluated once and the property is read before the arguments, as the language does.
 * `(a?.b)()` and `(o.m)()` keep their receiver, `(0, o.m)()` has none.
 */
export function emitReceiverAndFunction(callee: Expression | Super, emitter: Emitter): void {
  const { out, names } = emitter;
  const node = bare(callee);
  if (node.type === 'MemberExpression') {
    emitMemberCallee(node, emitter);
  } else if (node.type === 'ChainExpression' && node.expression.type === 'MemberExpression') {
    out.text('(');
    emitChainLeaving(node, emitter);
    out.text(`, ${names.hook}.r), ${names.hook}.f`);
  } else {
    out.text('void 0, ');
    emitter.emit(callee);
  }
}

class ChainWriter {
  readonly #emitter: Emitter;
  readonly #base: Expression | Super;
  readonly #links: readonly Link[];

  constructor(node: ChainExpression, emitter: Emitter) {
    this.#emitter = emitter;
    const links: Link[] = [];
    let at: Expression | Super = node.expression;
    while (isLink(at) && !this.#isAtom(at)) {
      links.unshift(at);
      at = at.type === 'CallExpression' ? at.callee : at.object;
    }
    this.#base = at;
    this.#links = links;
  }

  write(ending: Ending): void {
    this.#segments(0, { kind: 'node', node: this.#base }, ending);
  }

  /** `super.m` has no value to hold in a register, and a call that needs no hook is copied whole. */
  #isAtom(node: Link): boolean {
    if (node.type === 'MemberExpression') return node.object.type === 'Super';
    return !node.optional && this.#emitter.statics.isInlineCallee(node.callee);
  }

  /** Everything from link `from` on, applied to `base`. The link at `from` is not optional any more. */
  #segments(from: number, base: Base, ending: Ending): void {
    const { out, names } = this.#emitter;
    const next = this.#links.findIndex((link, index) => link.optional && index >= from && !(index === from && base.kind !== 'node'));
    if (next < 0) {
      if (ending.leaves) {
        this.#leaving(from, base);
      } else {
        out.text(ending.prefix);
        this.#segment(from, this.#links.length, base);
      }
      return;
    }
    const before = this.#links[next - 1];
    const isCall = this.#links[next]?.type === 'CallExpression';
    let rest: Base = { kind: 'value' };
    if (isCall && this.#hasReceiver(next, from, base)) {
      out.text('(');
      if (before?.type === 'MemberExpression' && next > from) this.#member(before, from, next - 1, base);
      else this.#baseMember(base);
      rest = { kind: 'callee', receiver: `${names.hook}.r`, callee: `${names.hook}.f` };
    } else {
      out.text(`((${names.hook}.u = `);
      this.#segment(from, next, base);
      out.text(')');
      if (isCall) rest = { kind: 'callee', receiver: 'void 0', callee: `${names.hook}.u` };
    }
    out.text(` == null ? ${ending.nullish} : `);
    this.#segments(next, rest, ending);
    out.text(')');
  }

  /** Whether the optional call at `index` has a receiver: what stands before it is a member, also as the base of the chain. */
  #hasReceiver(index: number, from: number, base: Base): boolean {
    if (index > from) return this.#links[index - 1]?.type === 'MemberExpression';
    if (base.kind !== 'node') return false;
    const node = bare(base.node);
    return node.type === 'MemberExpression' || (node.type === 'ChainExpression' && node.expression.type === 'MemberExpression');
  }

  /** `$d.g(object, key)`: reads a member and leaves receiver and value. `to` is the number of the member's own link. */
  #member(node: MemberExpression, from: number, to: number, base: Base): void {
    const { out, names } = this.#emitter;
    if (node.property.type === 'PrivateIdentifier') {
      out.text(`${names.hook}.o((${names.hook}.t = `);
      this.#segment(from, to, base);
      out.text(`), ${names.hook}.t`);
      emitProperty(node, this.#emitter);
      out.text(')');
      return;
    }
    out.text(`${names.hook}.g(`);
    this.#segment(from, to, base);
    out.text(', ');
    emitKey(node, this.#emitter);
    out.text(')');
  }

  /** The base of the chain itself is the member: `super.m?.()`, `(o.m)?.()`, `(a?.b)?.()`. */
  #baseMember(base: Base): void {
    const { out, names } = this.#emitter;
    if (base.kind !== 'node') return;
    const node = bare(base.node);
    if (node.type === 'ChainExpression') {
      emitChainLeaving(node, this.#emitter);
      return;
    }
    out.text(`${names.hook}.o(`);
    emitReceiverAndFunction(base.node, this.#emitter);
    out.text(')');
  }

  /** The last segment of a chain whose last member is left in the registers. */
  #leaving(from: number, base: Base): void {
    const last = this.#links.length - 1;
    const node = this.#links[last];
    if (node?.type === 'MemberExpression' && last >= from) this.#member(node, from, last, base);
    else this.#baseMember(base);
  }

  /** Links `[from, to)` on a base, without any optional one but the first. */
  #segment(from: number, to: number, base: Base): void {
    const { out, names } = this.#emitter;
    const last = this.#links[to - 1];
    if (to === from || last === undefined) {
      if (base.kind === 'node') this.#emitter.emit(base.node);
      else out.text(`${names.hook}.u`);
      return;
    }
    if (last.type === 'MemberExpression') {
      this.#segment(from, to - 1, base);
      emitProperty(last, this.#emitter);
      return;
    }
    emitCallHead(last, this.#emitter);
    this.#callee(from, to - 1, base);
    emitCallTail(last, this.#emitter);
  }

  /** Receiver and function of the call at link `at`. */
  #callee(from: number, at: number, base: Base): void {
    const { out, names } = this.#emitter;
    const before = this.#links[at - 1];
    if (at > from && before?.type === 'MemberExpression') {
      out.text(`(${names.hook}.t = `);
      this.#segment(from, at - 1, base);
      out.text(`), ${names.hook}.t`);
      emitProperty(before, this.#emitter);
    } else if (at > from) {
      out.text('void 0, ');
      this.#segment(from, at, base);
    } else if (base.kind === 'callee') {
      out.text(`${base.receiver}, ${base.callee}`);
    } else if (base.kind === 'node') {
      emitReceiverAndFunction(base.node, this.#emitter);
    }
  }
}

function isLink(node: AnyNode): node is Link {
  return node.type === 'MemberExpression' || node.type === 'CallExpression';
}
