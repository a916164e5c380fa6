import type { BackOff, Budget } from '../restarts/rules.ts';

/** What a member of a group is: what stands before the replicas, one of them, or what stands behind. Also the rank in which it starts. */
export const HEAD = 0;
export const INNER = 1;
export const TAIL = 2;

/** A member: a place for one life after the other. */
export interface Member {
  readonly id: number;
  readonly rank: number;
  /** Which arguments its lives are made with. */
  readonly version: number;
  /** `idle`: to be started, not before its time. `gone`: never again. */
  phase: 'idle' | 'starting' | 'ready' | 'stopping' | 'gone';
  life: number;
  attempt: number;
  notBeforeMs: number;
  readyAtMs: number | undefined;
  wasReady: boolean;
  /** Whether it may have calls; the program takes that away and gives it back. */
  isActive: boolean;
  /** To be replaced by one of the same arguments. */
  isOutdated: boolean;
}

/** What a membership is made of. */
export interface MembershipOptions {
  readonly replicas: number;
  readonly hasHead: boolean;
  readonly hasTail: boolean;
  /** Replicas above the wanted number while some are replaced. */
  readonly surge: number;
  /** Replicas that may be missing while some are replaced. */
  readonly unavailable: number;
  /** How long a new replica has to be ready before the next one is ended. */
  readonly minReadyMs: number;
  /** Members that may be starting at once before the group has started, and in a change. */
  readonly startsAtOnce: number;
  readonly budget: Budget;
  readonly backOff: BackOff;
  /** Chance from 0 to 1. */
  readonly fraction: () => number;
}

/** A change of the group, and what it comes to. */
export type ChangeKind = 'scale' | 'update';
export type Changed = 'scaled' | 'not-scaled' | 'updated' | 'rolled-back';

/** A change that is under way. */
export interface Change {
  readonly kind: ChangeKind;
  /** Replicas and version before. */
  readonly count: number;
  readonly version: number;
  /** The first replica that it may make. */
  readonly firstId: number;
  isTakenBack: boolean;
  /** Whose fall took it back. */
  member: number | undefined;
}

export const CHANGE_ENDS: Readonly<Record<ChangeKind, readonly [good: Changed, bad: Changed]>> = {
  scale: ['scaled', 'not-scaled'],
  update: ['updated', 'rolled-back'],
};

/** Why a group ended. */
export type MembershipEnd = 'closed' | 'gave-up' | 'start-failed';

/** What is to be done, in this order. */
export type MemberAction =
  | { readonly kind: 'start'; readonly member: number; readonly life: number; readonly version: number; readonly rank: number }
  | { readonly kind: 'stop'; readonly member: number }
  | { readonly kind: 'admit'; readonly member: number }
  | { readonly kind: 'withdraw'; readonly member: number }
  /** It has had its last life. */
  | { readonly kind: 'gone'; readonly member: number }
  | { readonly kind: 'wake'; readonly atMs: number }
  | { readonly kind: 'restart'; readonly member: number; readonly delayMs: number }
  /** A change is over. @param member whose fall took it back */
  | { readonly kind: 'changed'; readonly what: Changed; readonly member: number | undefined }
  | { readonly kind: 'end'; readonly how: MembershipEnd; readonly member: number | undefined };

export const isAlive = ({ phase }: Member): boolean => phase === 'starting' || phase === 'ready' || phase === 'stopping';

/** A member before its first life. */
export function newMember(id: number, rank: number, version: number): Member {
  const times = { attempt: 0, notBeforeMs: Number.NEGATIVE_INFINITY, readyAtMs: undefined };
  return { id, rank, version, phase: 'idle', life: 0, wasReady: false, isActive: true, isOutdated: false, ...times };
}
