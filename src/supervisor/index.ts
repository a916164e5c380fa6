export type { ArgsOf, OwnerHooks, OwnerSelf, Runtime, RuntimeClass, RuntimeHooks, RuntimeObject, UnitSelf } from './contract/runtime.ts';
export type { EndKind, FailureKind, Phase, UnitEnd, UnitFailure } from './contract/failure.ts';
export type { LifeOptions, LifeTimes, Readiness } from './contract/options.ts';
export { setSuperviseParts } from './contract/parts.ts';
export type { LifeState } from './contract/states.ts';
export type { Death, Place, PlaceSettings, Spawned } from './places/place.ts';
export { program, type ProgramOptions } from './programs/declare-program.ts';
export type { LogOptions } from './programs/program-place.ts';
export { probeBy, probeCommand, probeHttp, probeTcp, type Probe, type ProbePace } from './probes/probe.ts';
export type { BackOff, Budget, Restart, Strategy } from './restarts/rules.ts';
export type { GroupCaller, GroupCallOptions, MethodsOf } from './groups/caller.ts';
export { group, type GroupOptions } from './groups/declare-group.ts';
export type { Dispatching } from './groups/group-rules.ts';
export { Replicas } from './groups/replicas.ts';
export { tree, unit } from './supervisor/declare.ts';
export { isDeclared } from './supervisor/declared.ts';
export type {
  ContextPlace,
  Declared,
  Group,
  KeepOptions,
  PlaceName,
  Tree,
  TreeOptions,
  Unit,
  UnitList,
  UnitOptions,
} from './supervisor/declared.ts';
export type { KeeperEnd as SupervisorEnd, SupervisorEvent, UnitSnapshot } from './supervisor/events.ts';
export { supervise, type SuperviseOptions } from './supervisor/supervise.ts';
export { Supervisor } from './supervisor/supervisor.ts';
export { runUntilSignal } from './supervisor/until-signal.ts';
export { isReport, type Answer, type Begin, type CallOrder, type Order, type UnitCall } from './unit/messages.ts';
