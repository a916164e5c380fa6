// Errors of the primer. It imports nothing of the package, so its codes are listed here again; a test compares them with the table.

/** Exit code of each code: 2 usage, 4 environment. */
export const PRIME_EXITS = {
  PRIME_BUILD_FAILED: 4,
  PRIME_CONFIG_INVALID: 4,
  PRIME_ENVIRONMENT: 4,
  PRIME_INSTALL_FAILED: 4,
  PRIME_INTEGRITY: 4,
  PRIME_INTERNAL: 4,
  PRIME_IO: 4,
  PRIME_IN_THE_WAY: 4,
  PRIME_LOCK_TIMEOUT: 4,
  PRIME_NO_KERNEL: 4,
  PRIME_NO_MAIN: 4,
  PRIME_NO_NODE: 4,
  PRIME_NO_NPM: 4,
  PRIME_NO_STATE: 2,
  PRIME_OFFLINE: 4,
  PRIME_PLATFORM: 4,
  PRIME_REGISTRY: 4,
  PRIME_STATES_INVALID: 4,
  PRIME_STATE_FAILED: 4,
  PRIME_UPDATE: 4,
  PRIME_USAGE: 2,
} as const;

export type PrimeCode = keyof typeof PRIME_EXITS;

/** The fields an error is shown with, each one sentence without final period (`saw` may have several lines). */
export interface PrimeProblem {
  readonly at?: string;
  readonly tried?: string;
  readonly saw?: string;
  readonly kept?: string;
  readonly do: string;
}

/** An error that the user can act on. */
export class PrimeError extends Error {
  readonly code: PrimeCode;
  readonly problem: PrimeProblem;
  /** Exit code of the tool that failed, which is then that of the primer; undefined for other errors. */
  readonly toolExit: number | undefined;

  /** @param toolExit what the tool that failed ended with; 0 where it did not end by itself */
  constructor(code: PrimeCode, message: string, problem: PrimeProblem, toolExit = 0) {
    super(message);
    this.name = 'PrimeError';
    this.code = code;
    this.problem = problem;
    this.toolExit = toolExit === 0 ? undefined : toolExit;
  }
}

/** Any thrown value as an Error. */
export function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

/** The system's code of an error, such as ENOENT; undefined for others. */
export function systemCode(thrown: unknown): string | undefined {
  if (typeof thrown !== 'object' || thrown === null || !('code' in thrown)) return undefined;
  const { code } = thrown;
  return typeof code === 'string' ? code : undefined;
}
