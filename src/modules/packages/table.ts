// The shipped table: packages about which the scan alone would be wrong. A setting of the project goes over a row, a row over the scan.
import type { PackageTreatment } from '../../base/builds/build.ts';

/** One row. */
export interface TableRow {
  readonly treat: PackageTreatment;
  /** What was seen, as `resprout explain` shows it. */
  readonly why: string;
}

const boundary = (why: string): TableRow => ({ treat: 'boundary', why });
const inline = (why: string): TableRow => ({ treat: 'inline', why });

const ENGINE = 'loads its engine, native code, by a computed path';
const ADDON = 'loads an add-on of the machine by a computed path';
const DRIVERS = 'its drivers are options: sockets are recorded, one that is an add-on is refused where it is loaded';
const REST_ONLY = 'its HTTP interface is recorded as HTTP; what goes over gRPC is refused where it begins';

/** By the name of the package; a scope stands for all its packages. */
export const TABLE: Readonly<Record<string, TableRow>> = {
  '@prisma/client': boundary(ENGINE),
  '@node-rs': boundary(ADDON),
  '@napi-rs': boundary(ADDON),
  canvas: boundary(ADDON),
  sharp: boundary(ADDON),
  libsql: boundary(ADDON),
  '@libsql/client': boundary('uses libsql, which loads an add-on'),
  'node-pty': boundary(ADDON),
  oracledb: boundary('loads the Oracle client library by a computed path'),
  duckdb: boundary(ADDON),
  '@duckdb/node-api': boundary(ADDON),
  usb: boundary(ADDON),
  serialport: boundary(ADDON),
  keytar: boundary(ADDON),
  'isolated-vm': boundary(ADDON),
  '@tensorflow/tfjs-node': boundary(ADDON),
  'onnxruntime-node': boundary(ADDON),
  knex: inline(DRIVERS),
  'drizzle-orm': inline(DRIVERS),
  kysely: inline(DRIVERS),
  sequelize: inline(DRIVERS),
  typeorm: inline(DRIVERS),
  'firebase-admin': inline(REST_ONLY),
  googleapis: inline(REST_ONLY),
  '@google-cloud/storage': inline(REST_ONLY),
};

/** The row of a package: its own, else that of its scope. */
export function rowOf(name: string): TableRow | undefined {
  const own = Object.hasOwn(TABLE, name) ? TABLE[name] : undefined;
  const scope = name.startsWith('@') ? name.slice(0, name.indexOf('/')) : '';
  return own ?? (Object.hasOwn(TABLE, scope) ? TABLE[scope] : undefined);
}
