/** How a process ended. */
export interface ExitReport {
  readonly code: number | null;
  readonly signal: string | null;
}

/** What to start. Every process leads a session of its own (setsid), so that terminal signals reach the controller alone. */
export interface SpawnSpec {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** What the process is called in lists of processes; the file when absent. */
  readonly argv0?: string;
  /** What the child's descriptors are: `null` is /dev/null, `pipe` one way or both ways as the platform gives it, a number one of ours. */
  readonly stdio: readonly ('null' | 'pipe' | 'inherit' | number)[];
}

/** A child process; `platform/process/spawner.ts` starts real ones and also hands out their pipes. Whoever started it owns it and waits for its end. */
export interface ChildHandle {
  readonly pid: number;
  readonly exited: Promise<ExitReport>;
  /** Sends a signal to the child alone, or to its whole group. Nothing happens when it is gone. */
  signal(name: 'SIGTERM' | 'SIGQUIT' | 'SIGKILL' | 'SIGINT' | 'SIGHUP' | 'SIGSTOP' | 'SIGCONT', to: 'process' | 'group'): void;
}
