// Rows as they stand in the journal: the names of the columns once.

/** Rows of one query. Those that are lists already have no names. */
export interface PackedRows {
  readonly columns: readonly string[] | undefined;
  readonly rows: readonly (readonly unknown[])[];
}

/** @param rows as node:sqlite gives them */
export function packRows(rows: readonly unknown[]): PackedRows {
  const [first] = rows;
  if (first === undefined || Array.isArray(first)) return { columns: undefined, rows: rows as readonly unknown[][] };
  const columns = Object.keys(first as object);
  return { columns, rows: rows.map((row) => columns.map((column) => Reflect.get(row as object, column) as unknown)) };
}

/** The rows as node:sqlite gives them: objects without a prototype, or lists. */
export function unpackRows({ columns, rows }: PackedRows): unknown[] {
  if (columns === undefined) return [...rows];
  return rows.map((row) => {
    const made = Object.create(null) as Record<string, unknown>;
    for (const [i, column] of columns.entries()) made[column] = row[i];
    return made;
  });
}
