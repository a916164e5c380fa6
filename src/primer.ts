// For repositories that the primer prepares: programs that prepare them themselves, and states of their own.
export {
  bootEnv,
  getConfig,
  parsePrimeArgs,
  startApp,
  type BootOptions,
  type ConfigOptions,
  type OptionKind,
  type PrimeArgs,
  type PrimeSettings,
  type StartOptions,
  type ValuesOf,
} from './primer-api/programs.ts';
export {
  defineState,
  proto,
  replaceState,
  wrapState,
  type AnyState,
  type Given,
  type State,
  type StateParts,
  type ValueOf,
} from './primer-api/state.ts';
export type {
  BuildPlan,
  Failure,
  Look,
  PrimeNpm,
  RunOptions,
  Setting,
  ShellRequest,
  StateContext,
  Work,
} from './primer-api/state-context.ts';
