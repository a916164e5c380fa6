// node:sqlite in a session: the program holds objects of Node's classes, whose calls are recorded with their data.
import type { BackupOptions, DatabaseSync } from 'node:sqlite';
import type { Patcher } from '../../globals/patch.ts';
import { exportClass, Halves, sessionClass } from '../half-classes.ts';
import { markClass } from '../mark.ts';
import { ChangesHalf, changes } from './changes-half.ts';
import { DatabaseHalf } from './database-half.ts';
import { hasBackup, hasChanges, NativeChanges, NativeDatabase, NativeStatement, nativeBackup, sqlite } from './natives.ts';
import { StatementHalf, statements } from './statement-half.ts';
import { TagStore } from './tag-store.ts';

const RealProxy = Proxy;

/** The limits of a database, each a recorded read. */
const limitsOf = (half: DatabaseHalf): object =>
  new RealProxy(
    {},
    {
      get: (_target, key) => (typeof key === 'string' ? half.limit(key) : undefined),
      set: (_target, key, value) => {
        half.setLimit(String(key), value);
        return true;
      },
    },
  );

/** Databases of a session. */
export function patchSqlite(patcher: Patcher): void {
  const databases = new Halves<DatabaseHalf>(patcher);
  databases.patch(NativeDatabase.prototype, DatabaseHalf);
  new Halves<StatementHalf>(patcher, statements).patch(NativeStatement.prototype, StatementHalf);
  // Older Nodes do not export the class of change sessions.
  if (hasChanges) new Halves<ChangesHalf>(patcher, changes).patch(NativeChanges.prototype, ChangesHalf);
  markClass(patcher.realm.kinds, TagStore, ['get', 'all', 'iterate', 'run']);
  const Database = sessionClass(patcher, NativeDatabase, (session, args, target) => {
    const shell = Object.create(target.prototype as object) as object;
    const half = new DatabaseHalf(patcher, session, shell, args);
    databases.set(shell, half);
    Object.defineProperties(shell, {
      isOpen: { get: () => half.isOpen, enumerable: true },
      isTransaction: { get: () => half.isTransaction, enumerable: true },
      limits: { get: () => limitsOf(half), enumerable: true },
    });
    return shell;
  });
  exportClass([sqlite], 'DatabaseSync', Database);
  if (!hasBackup) return;
  patcher.replace(sqlite, 'backup', 'own', (...args: readonly [DatabaseSync, string, BackupOptions?]): unknown => {
    const half = databases.of(args[0]);
    return half === undefined ? Reflect.apply(nativeBackup, sqlite, args) : half.backup(args[1], args[2]);
  });
}
