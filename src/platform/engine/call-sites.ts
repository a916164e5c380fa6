import { findSourceMap } from 'node:module';
import { getCallSites } from 'node:util';

/** One frame of a stack, innermost first. Places are those of the text that V8 runs, 1-based. */
export interface CallFrame {
  /** V8's number of the script. */
  readonly scriptId: string;
  /** Url or path of the script; empty for code without a file. */
  readonly scriptName: string;
  readonly line: number;
  readonly column: number;
}

/** The frames above the caller. Costs some microseconds; no debugger, no source maps. */
export function callFrames(count = 12): readonly CallFrame[] {
  return getCallSites(count, { sourceMap: false })
    .slice(1)
    .map(({ scriptId, scriptName, lineNumber, columnNumber }) => ({
      scriptId,
      scriptName,
      line: lineNumber,
      column: columnNumber,
    }));
}

/** A frame in the text that its author wrote, where a loader left a map (tsx does); the frame itself otherwise. */
export function originalFrame(frame: CallFrame): CallFrame {
  const origin = findSourceMap(frame.scriptName)?.findOrigin(frame.line, frame.column);
  if (origin === undefined || !('fileName' in origin)) return frame;
  return { ...frame, scriptName: origin.fileName, line: origin.lineNumber, column: origin.columnNumber };
}
