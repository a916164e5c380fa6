// Node's own classes of node:sqlite, taken when this file loads: before anything is patched.
// 1. The module is taken by `getBuiltinModule`, never by `import`: what an import binds is fixed then, and this module is not among those whose
//    bindings can be renewed. So nothing that a runner loads may import node:sqlite.
// 2. Older Nodes warn when it is loaded. Whether the program uses it is not known yet, so they do not.
import type sqliteModule from 'node:sqlite';

type Sqlite = typeof sqliteModule;

function load(): Sqlite {
  const warn = process.emitWarning;
  process.emitWarning = () => undefined;
  try {
    return process.getBuiltinModule('node:sqlite');
  } finally {
    process.emitWarning = warn;
  }
}

/** What node:sqlite exports. */
export const sqlite: Sqlite = load();
export const NativeDatabase: Sqlite['DatabaseSync'] = sqlite.DatabaseSync;
export const NativeStatement: Sqlite['StatementSync'] = sqlite.StatementSync;
/** Whether this Node has `backup`; older ones do not. */
export const hasBackup: boolean = 'backup' in sqlite;
export const nativeBackup: Sqlite['backup'] = sqlite.backup;

/** Whether this Node exports the class of change sessions; older ones do not. */
export const hasChanges: boolean = 'Session' in sqlite;
/** The class of sessions of changes; it cannot be made with `new`. */
export const NativeChanges = Reflect.get(sqlite, 'Session') as (abstract new () => object) & { readonly prototype: object };
