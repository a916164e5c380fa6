export { brandOf, textOf, type Brand } from './brand-of.ts';
export type { EmittedHook, Hook, ImportFunction, Site, SiteInfo, SiteTables } from './hook-contract.ts';
export { packageOf, type KnownExport } from './module-exports.ts';
export { DEFAULT_CLIENTS, DEFAULT_PROFILES, type Profile } from './profiles.ts';
export { Realm, type RealmOptions } from './realm.ts';
export { createSession } from './session.ts';
export type { OutsideCall, Scope, Session, SessionTimer, SessionWorld } from './session-api.ts';
export type { InflightCall, Parking, SessionObserver, SessionOptions, SessionOutcome } from './session-options.ts';
export type { SessionSink } from './session-sink.ts';
