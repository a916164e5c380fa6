// What the two halves of a command tell each other.
import type { Secret } from '../../../base/secret.ts';

/** A text that may be one nobody is to see. */
export type Text = string | Secret;

/** A command as the far side gets it. */
export interface CommandOrder {
  /** The program and its arguments, as they are. */
  readonly argv: readonly Text[];
  /** Folder it starts in; that of the far process when absent. */
  readonly cwd?: string | undefined;
  /** Variables laid over those of the far process; undefined takes one away. */
  readonly env?: Readonly<Record<string, Text | undefined>> | undefined;
  /** Whether the variables of the far process are there at all. */
  readonly isEnvExtended: boolean;
  /** What it reads; nothing when absent. */
  readonly input?: Text | Uint8Array | AsyncIterable<string | Uint8Array> | undefined;
  readonly timeoutMs?: number | undefined;
  /** Bytes of each of its outputs, or of one line where lines are read. */
  readonly maxBufferBytes: number;
  /** Time between SIGTERM and SIGKILL. */
  readonly killGraceMs: number;
  /** Output as bytes and not as text. */
  readonly isBinary: boolean;
}

/** Why a command came to its end. */
export type CommandEnding = 'exited' | 'timeout' | 'output' | 'stopped' | 'unstarted';

/** How a command ended. */
export interface CommandEnd {
  readonly ending: CommandEnding;
  /** null when a signal ended it, or when it never ran. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** Why it could not be started, or what would not end. */
  readonly problem?: string | undefined;
  readonly durationMs: number;
}

/** A command that has ended, with what it wrote. */
export interface CommandOutcome extends CommandEnd {
  readonly stdout: string | Uint8Array;
  readonly stderr: string | Uint8Array;
}

/** The end of a command whose lines were read: the last of what it wrote on stderr is in it. */
export interface CommandLinesEnd extends CommandEnd {
  readonly stderr: string;
}
