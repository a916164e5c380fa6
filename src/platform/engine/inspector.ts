// What V8 knows of functions and scripts, without a debugger wherever it can be had without one.
// 1. A debugger domain that stays on makes `await` eight times slower: it is switched on and off within one call.
// 2. The session belongs to the thread that made it and sees the objects of that thread only.
// 3. Nothing of the user's is called: values go through a slot under a registered symbol.
import { Session, type InspectorNotification, type Runtime, type Debugger } from 'node:inspector';

/** Where V8 says that a function begins: 1-based, in the text that it runs. */
export interface ScriptPlace {
  readonly scriptId: string;
  readonly line: number;
  readonly column: number;
}

/** What V8 tells of a function without a debugger. */
export interface FunctionFacts {
  /** The `(` of its parameters; for an arrow its start; for a class the `(` of its constructor. Undefined for native and bound functions. */
  readonly place: ScriptPlace | undefined;
  /** For a bound function: the place of what it was bound from, when that has one. */
  readonly target: ScriptPlace | undefined;
  readonly isBound: boolean;
}

const SLOT = Symbol.for('resprout.locate');
/**
 * Where a value changes hands. The inspector looks from the thread's first realm, and its functions run there; test runners load programs
 * into another realm, whose global object is not that one's. The class of Node's own module is the same in both.
 */
const slots: Record<symbol, unknown> = Session as never;
const SLOT_EXPRESSION = "process.getBuiltinModule('node:inspector').Session[Symbol.for('resprout.locate')]";
const GROUP = 'resprout';
/** Bound functions of bound functions: deeper ones have no place. */
const MOST_BOUND = 8;

/** One inspector session of this thread, connected at the first question. */
export class Inspector {
  #session: Session | undefined;

  /** Where a function is, in 0.1 ms. */
  facts(fn: object): FunctionFacts {
    return this.#withObject(fn, (id) => this.#factsOf(id, MOST_BOUND));
  }

  /** Urls of all scripts by id. Switches the debugger on and off: 10 to 250 ms. Empty urls are left out. */
  scriptUrls(): ReadonlyMap<string, string> {
    const found = new Map<string, string>();
    const session = this.#connected();
    const note = ({ params }: InspectorNotification<Debugger.ScriptParsedEventDataType>): void => {
      if (params.url !== '') found.set(params.scriptId, params.url);
    };
    session.on('Debugger.scriptParsed', note);
    try {
      this.#withDebugger(() => undefined);
    } finally {
      session.off('Debugger.scriptParsed', note);
    }
    return found;
  }

  /** The text that V8 runs for a script; undefined when it is gone. Switches the debugger on and off. */
  scriptText(scriptId: string): string | undefined {
    return this.#withDebugger((session) => {
      let text: string | undefined;
      session.post('Debugger.getScriptSource', { scriptId }, (_error, result) => {
        text = result?.scriptSource;
      });
      return text;
    });
  }

  /** The class or function that the scopes of a function know under a name, innermost first; undefined when there is none. */
  scopeValue(fn: object, name: string): unknown {
    return this.#withObject(fn, (id) => {
      const scopes = this.#internal(id, '[[Scopes]]')?.objectId;
      if (scopes === undefined) return undefined;
      for (const scope of this.#properties(scopes)) {
        if (!/^\d+$/.test(scope.name) || scope.value?.objectId === undefined || scope.value.description?.startsWith('Global')) continue;
        const found = this.#properties(scope.value.objectId).find((property) => property.name === name)?.value;
        if (found?.objectId === undefined || found.type !== 'function') continue;
        return this.#fetch(found.objectId);
      }
      return undefined;
    });
  }

  /** Ends the session. Twice is fine; a later question connects again. */
  close(): void {
    this.#session?.disconnect();
    this.#session = undefined;
  }

  #factsOf(objectId: string, depth: number): FunctionFacts {
    const own = this.#internalProperties(objectId);
    const place = placeIn(own.find((property) => property.name === '[[FunctionLocation]]')?.value?.value);
    const target = own.find((property) => property.name === '[[TargetFunction]]')?.value?.objectId;
    if (target === undefined || depth === 0) return { place, target: undefined, isBound: target !== undefined };
    const below = this.#factsOf(target, depth - 1);
    return { place, target: below.place ?? below.target, isBound: true };
  }

  #connected(): Session {
    if (this.#session === undefined) {
      this.#session = new Session();
      this.#session.connect();
    }
    return this.#session;
  }

  #withDebugger<T>(ask: (session: Session) => T): T {
    const session = this.#connected();
    session.post('Debugger.enable', { maxScriptsCacheSize: 0 });
    try {
      return ask(session);
    } finally {
      session.post('Debugger.disable');
    }
  }

  #withObject<T>(value: object, use: (objectId: string) => T): T {
    const session = this.#connected();
    slots[SLOT] = value;
    try {
      let objectId: string | undefined;
      session.post('Runtime.evaluate', { expression: SLOT_EXPRESSION, objectGroup: GROUP }, (_error, answer) => {
        objectId = answer?.result.objectId;
      });
      if (objectId === undefined) throw new Error('the inspector does not answer');
      return use(objectId);
    } finally {
      delete slots[SLOT];
      session.post('Runtime.releaseObjectGroup', { objectGroup: GROUP });
    }
  }

  #fetch(objectId: string): unknown {
    const functionDeclaration = `function(){${SLOT_EXPRESSION}=this}`;
    try {
      this.#connected().post('Runtime.callFunctionOn', { functionDeclaration, objectId });
      return slots[SLOT];
    } finally {
      delete slots[SLOT];
    }
  }

  #properties(objectId: string): readonly Runtime.PropertyDescriptor[] {
    let found: readonly Runtime.PropertyDescriptor[] = [];
    this.#connected().post('Runtime.getProperties', { objectId, ownProperties: true }, (_error, answer) => {
      found = answer?.result ?? [];
    });
    return found;
  }

  #internalProperties(objectId: string): readonly Runtime.InternalPropertyDescriptor[] {
    let found: readonly Runtime.InternalPropertyDescriptor[] = [];
    this.#connected().post('Runtime.getProperties', { objectId, ownProperties: true }, (_error, answer) => {
      found = answer?.internalProperties ?? [];
    });
    return found;
  }

  #internal(objectId: string, name: string): Runtime.RemoteObject | undefined {
    return this.#internalProperties(objectId).find((property) => property.name === name)?.value;
  }
}

/** `[[FunctionLocation]]` as V8 gives it, 0-based. */
function placeIn(value: unknown): ScriptPlace | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { scriptId, lineNumber, columnNumber } = value as Partial<Record<'scriptId' | 'lineNumber' | 'columnNumber', unknown>>;
  if (typeof scriptId !== 'string' || typeof lineNumber !== 'number') return undefined;
  return { scriptId, line: lineNumber + 1, column: (typeof columnNumber === 'number' ? columnNumber : 0) + 1 };
}
