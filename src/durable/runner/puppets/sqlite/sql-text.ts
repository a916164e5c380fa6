// What is seen of statements without running them. Wrong guesses cost a barrier, or a setting that is not made again; never a result.

/** Settings of a connection, which a file does not keep. */
const CONNECTION_PRAGMAS =
  /^pragma\s+(\w+\.)?(foreign_keys|busy_timeout|cache_size|temp_store|synchronous|recursive_triggers|case_sensitive_like|mmap_size|locking_mode|read_uncommitted|query_only|secure_delete|trusted_schema|automatic_index|cell_size_check|checkpoint_fullfsync|fullfsync|ignore_check_constraints|legacy_alter_table|reverse_unordered_selects|threads|wal_autocheckpoint|journal_size_limit|analysis_limit)\s*[=(]/i;
const ATTACHES = /^(attach|detach)\b/i;
const TEMPORARY = /^create\s+temp(orary)?\b/i;
const READS = /^(select|values|explain|pragma)\b/i;

/** Text, comments and quoted names; the separator of statements is what is left. */
const PIECES = /'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|\[[^\]]*\]|--[^\n]*|\/\*[\s\S]*?\*\/|;|[^'"`[\-/;]+|[\s\S]/g;
const isComment = (piece: string): boolean => piece.startsWith('--') || piece.startsWith('/*');

/** The statements of a text. The body of a trigger is cut too, into what sets nothing up. */
export function statementsOf(sql: string): readonly string[] {
  const found: string[] = [''];
  for (const [piece] of sql.matchAll(PIECES)) {
    if (piece === ';') found.push('');
    else if (!isComment(piece)) found[found.length - 1] += piece;
  }
  return found.map((statement) => statement.trim()).filter(Boolean);
}

/** Whether a statement looks and changes nothing. */
export function isRead(sql: string): boolean {
  const [first = ''] = statementsOf(sql);
  return READS.test(first) && !/^pragma[^=]*=/i.test(first);
}

/** The statements that a new connection needs again. */
export const settingsIn = (sql: string): readonly string[] =>
  statementsOf(sql).filter((statement) => CONNECTION_PRAGMAS.test(statement) || ATTACHES.test(statement));

/** Whether something is made that goes with its connection. */
export const makesTemporary = (sql: string): boolean => statementsOf(sql).some((statement) => TEMPORARY.test(statement));

/** Whether a database of this name stands in no file. */
export const isInMemory = (name: string): boolean => name === '' || name.includes(':memory:') || /[?&]mode=memory\b/.test(name);
