// What can be told of a call from the text alone: where the name at its head comes from.
import type { AnyNode, Program } from 'acorn';
import type { PackageTreatment } from '../../base/builds/build.ts';
import { childrenOf } from '../../modules/text/ast.ts';
import { globalObject } from '../../platform/engine/global-object.ts';

/**
 * `user`: code of the program. `inline`: runs again on replay. `call`: recorded where it leaves JavaScript, asked again when in flight.
 * `conversation`: recorded as what was heard and said. `boundary`: recorded at this very call. `own`: of resprout.
 * `runtime`: only the value tells, when the program runs.
 */
export type CallClass = 'user' | 'inline' | 'call' | 'conversation' | 'boundary' | 'own' | 'runtime';

/** Where a name of a file comes from. */
export type Origin =
  | { readonly kind: 'import'; readonly specifier: string; readonly name: string }
  | { readonly kind: 'local' }
  /** A value that something made: what made it. */
  | { readonly kind: 'made'; readonly by: string };

const HEAD =
  /^(?:new\s+|await\s+|yield\*?\s+|for (?:await )?of\s+|async yield\*\s+|\.\.\.)?([\p{ID_Start}$_][\p{ID_Continue}$]*)((?:\??\.[\p{ID_Start}$_#][\p{ID_Continue}$]*)*)/u;

/** Head and members of a callee as a site names it: `client.query` is `client` and `query`. */
export function headOf(label: string): { readonly head: string; readonly member: string } | undefined {
  const match = HEAD.exec(label);
  const [, head, rest = ''] = match ?? [];
  return head === undefined ? undefined : { head, member: rest.replaceAll('?', '').split('.').at(-1) ?? '' };
}

const textOfName = (node: AnyNode): string =>
  node.type === 'Identifier' ? node.name : node.type === 'Literal' ? String(node.value) : 'default';

/** The identifier at the head of what makes a value: `new Pool()`, `await connect()`, `a.b()`. */
function makerOf(node: AnyNode | null | undefined): string | undefined {
  if (node?.type === 'AwaitExpression') return makerOf(node.argument);
  if (node?.type === 'ParenthesizedExpression' || node?.type === 'ChainExpression') return makerOf(node.expression);
  if (node?.type === 'NewExpression' || node?.type === 'CallExpression') return makerOf(node.callee);
  if (node?.type === 'MemberExpression') return makerOf(node.object);
  return node?.type === 'Identifier' ? node.name : undefined;
}

function requiredBy(node: AnyNode | null | undefined): string | undefined {
  if (node?.type !== 'CallExpression' || node.callee.type !== 'Identifier' || node.callee.name !== 'require') return undefined;
  const [first] = node.arguments;
  return first?.type === 'Literal' && typeof first.value === 'string' ? first.value : undefined;
}

/** Names that a pattern binds, with the property each is taken from. */
function namesIn(pattern: AnyNode): readonly (readonly [string, string])[] {
  if (pattern.type === 'Identifier') return [[pattern.name, 'default']];
  if (pattern.type === 'ArrayPattern') return pattern.elements.flatMap((element) => (element === null ? [] : namesIn(element)));
  if (pattern.type === 'AssignmentPattern') return namesIn(pattern.left);
  if (pattern.type !== 'ObjectPattern') return [];
  return pattern.properties.flatMap((property) =>
    property.type === 'Property'
      ? namesIn(property.value).map(([local]) => [local, textOfName(property.key)] as const)
      : namesIn(property.argument),
  );
}

/** Where the names of a file come from. Names are not told apart by their scope: a hint, not a proof. */
export function originsOf(program: Program): ReadonlyMap<string, Origin> {
  const origins = new Map<string, Origin>();
  const put = (name: string, origin: Origin): void => {
    if (origins.get(name)?.kind !== 'import') origins.set(name, origin);
  };
  const visit = (node: AnyNode): void => {
    if (node.type === 'ImportDeclaration') {
      const specifier = String(node.source.value);
      for (const one of node.specifiers) {
        const name = one.type === 'ImportSpecifier' ? textOfName(one.imported) : one.type === 'ImportDefaultSpecifier' ? 'default' : '*';
        put(one.local.name, { kind: 'import', specifier, name });
      }
    } else if (node.type === 'VariableDeclarator') {
      const specifier = requiredBy(node.init);
      const by = makerOf(node.init);
      for (const [local, name] of namesIn(node.id))
        put(
          local,
          specifier !== undefined ? { kind: 'import', specifier, name } : by === undefined ? { kind: 'local' } : { kind: 'made', by },
        );
    } else if ((node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration') && node.id !== null)
      put(node.id.name, { kind: 'local' });
    childrenOf(node).forEach(visit);
  };
  visit(program);
  return origins;
}

const CONVERSATIONS =
  /^(?:child_process\.(?:spawn|fork)|net\.(?!isIP)|tls\.(?:connect|createServer|TLSSocket|Server)|dgram\.|https?\.(?:createServer|Server)|worker_threads\.(?:Worker|MessageChannel|BroadcastChannel)|readline|fs(?:\/promises)?\.(?:watch|watchFile))/;
const CALLS =
  /^(?:fs|dns|https?\.(?:request|get)|child_process\.|sqlite|crypto\.(?:random|generate|pbkdf2|scrypt|hkdf|sign|createSign)|os\.|timers|process\.(?:chdir|kill))/;
const GLOBAL_CALLS: ReadonlySet<string> = new Set(['fetch', 'setTimeout', 'setInterval']);
const GLOBAL_CONVERSATIONS: ReadonlySet<string> = new Set(['WebSocket', 'EventSource']);

function ofBuiltin(specifier: string, member: string): CallClass {
  const name = `${specifier.replace(/^node:/, '')}.${member}`;
  return CONVERSATIONS.test(name) ? 'conversation' : CALLS.test(name) ? 'call' : 'inline';
}

/** What is known of the imports of a file. */
export interface Known {
  /** How the package of a specifier is treated; undefined for files of the program. */
  treatOf(specifier: string): PackageTreatment | undefined;
  isBuiltin(specifier: string): boolean;
}

const MOST_STEPS = 5;

/** The class of a call by its label. */
export function classOf(label: string, origins: ReadonlyMap<string, Origin>, known: Known): CallClass {
  const found = headOf(label);
  if (found === undefined) return 'runtime';
  let { head } = found;
  for (let steps = 0; steps < MOST_STEPS; steps++) {
    const origin = origins.get(head);
    if (origin === undefined) return ofGlobal(head);
    if (origin.kind === 'local') return steps === 0 && found.member === '' ? 'user' : 'runtime';
    if (origin.kind === 'made') {
      head = origin.by;
      continue;
    }
    const { specifier, name } = origin;
    if (specifier === 'resprout' || specifier.startsWith('resprout/')) return 'own';
    if (known.isBuiltin(specifier)) return ofBuiltin(specifier, name === '*' || name === 'default' ? found.member : name);
    return known.treatOf(specifier) ?? 'user';
  }
  return 'runtime';
}

function ofGlobal(head: string): CallClass {
  if (GLOBAL_CALLS.has(head)) return 'call';
  if (GLOBAL_CONVERSATIONS.has(head)) return 'conversation';
  return Reflect.has(globalObject, head) ? 'inline' : 'runtime';
}
