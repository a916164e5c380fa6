// Calls that never need the hook: decided here once, from the text. Everything else is asked at run time.
import type { AnyNode, Identifier } from 'acorn';
import { bare } from '../../../modules/text/ast.ts';
import type { ScopeAnalysis } from '../scope/scope.ts';

const PURE_FUNCTIONS = new Set(
  `String Number Boolean BigInt Symbol Object Array parseInt parseFloat isNaN isFinite encodeURIComponent decodeURIComponent encodeURI
   decodeURI structuredClone queueMicrotask Error TypeError RangeError SyntaxError ReferenceError EvalError URIError AggregateError RegExp
   require eval`.split(/\s+/),
);
const PURE_NAMESPACES = new Set('JSON Math Object Array Number String Symbol BigInt Boolean Map Set'.split(' '));
const RECORDED_MEMBERS = new Set(['Math.random']);
const PURE_CLASSES = new Set(
  `Map Set WeakMap WeakSet Error TypeError RangeError SyntaxError ReferenceError EvalError URIError AggregateError RegExp Array Object Proxy
   URL URLSearchParams Headers Uint8Array Int8Array Uint16Array Int16Array Uint32Array Int32Array Float16Array Float32Array Float64Array
   Uint8ClampedArray BigInt64Array BigUint64Array ArrayBuffer DataView TextEncoder TextDecoder AbortController Boolean Number String`.split(
    /\s+/,
  ),
);
/** Of those, the ones that iterate their first argument, which may come from outside. */
const ITERATING = new Set(['Map', 'Set', 'WeakMap', 'WeakSet', 'Array.from', 'Object.fromEntries', 'Object.groupBy', 'Map.groupBy']);

/** Answers for one file which calls are left alone. */
export class StaticCalls {
  readonly #scopes: ScopeAnalysis;

  constructor(scopes: ScopeAnalysis) {
    this.#scopes = scopes;
  }

  isGlobal(node: Identifier): boolean {
    return !this.#scopes.bindings.has(node);
  }

  /** Whether calling this never leaves the program. */
  isInlineCallee(callee: AnyNode): boolean {
    const node = bare(callee);
    switch (node.type) {
      case 'Super':
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
        return true;
      case 'Identifier': {
        const binding = this.#scopes.bindings.get(node);
        if (binding === undefined) return PURE_FUNCTIONS.has(node.name);
        return binding.kind === 'function' && !binding.reassigned;
      }
      case 'MemberExpression': {
        if (node.optional) return false;
        if (bare(node.object).type === 'MetaProperty') return true;
        const member = this.#globalMember(node);
        return member !== undefined && !RECORDED_MEMBERS.has(member);
      }
      default:
        return false;
    }
  }

  /** Whether constructing this never leaves the program. */
  isInlineConstructor(callee: AnyNode): boolean {
    const node = bare(callee);
    if (node.type === 'ClassExpression' || node.type === 'FunctionExpression') return true;
    if (node.type !== 'Identifier') return false;
    const binding = this.#scopes.bindings.get(node);
    if (binding === undefined) return PURE_CLASSES.has(node.name);
    return (binding.kind === 'class' || binding.kind === 'function') && !binding.reassigned;
  }

  /** Whether a call or construction that is left alone iterates its first argument. */
  iteratesFirstArgument(callee: AnyNode): boolean {
    const node = bare(callee);
    if (node.type === 'Identifier') return this.isGlobal(node) && ITERATING.has(node.name);
    const member = node.type === 'MemberExpression' ? this.#globalMember(node) : undefined;
    return member !== undefined && ITERATING.has(member);
  }

  /** `Object.fromEntries` for a member of one of the pure globals. */
  #globalMember(node: Extract<AnyNode, { type: 'MemberExpression' }>): string | undefined {
    const object = bare(node.object);
    if (node.computed || object.type !== 'Identifier' || node.property.type !== 'Identifier') return undefined;
    return PURE_NAMESPACES.has(object.name) && this.isGlobal(object) ? `${object.name}.${node.property.name}` : undefined;
  }
}
