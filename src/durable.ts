import './durable/markers/register.ts';

export {
  activity,
  atMostOnce,
  idempotencyKey,
  inline,
  sessionInfo,
  sleep,
  type Activity,
  type ActivityOptions,
  type SessionInfo,
} from './durable/markers/index.ts';
