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
  type Duration,
  type SessionInfo,
} from './durable/markers/index.ts';
