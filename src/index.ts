// The everyday API: contexts and calls.
import './own.ts';

export { isResproutError, ResproutError, type Problem, type SourcePlace } from './base/errors/errors.ts';
export type { ErrorCode } from './base/errors/error-codes.ts';
export type { LogLevel, LogLine } from './base/seams/log.ts';
export {
  connect,
  contextInfo,
  fnRef,
  local,
  Secret,
  setContextLog,
  ssh,
  type Ask,
  type Caller,
  type CallOptions,
  type CannotCross,
  type Context,
  type ContextFacts,
  type ContextInfo,
  type Crossed,
  type FunctionRef,
  type LocalOptions,
  type OpenOptions,
  type Question,
  type QuestionKind,
  type Sendable,
  type Sent,
  type SshOptions,
} from './remote/index.ts';
