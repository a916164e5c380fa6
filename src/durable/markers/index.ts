export type { Duration } from '../../base/time/duration.ts';
export { activity, atMostOnce, type Activity } from './activity.ts';
export type { ActivityOptions } from './activity-options.ts';
export { idempotencyKey } from './idempotency-key.ts';
export { inline } from './inline.ts';
export { sessionInfo, type SessionInfo } from './session-info.ts';
export { sleep } from './sleep.ts';
