import { real } from '../globals/real.ts';
import type { Patcher } from '../globals/patch.ts';
import { patchConsoleTime } from './console-time.ts';
import { patchEnv } from './env.ts';
import { patchEvents } from './events.ts';
import { patchExits } from './exits.ts';
import { patchFacts } from './facts.ts';
import { patchFolder, type ProcessUse } from './folder.ts';
import { patchInput } from './input.ts';
import { patchOutput } from './output.ts';

export { attachProcess } from './session-process.ts';
export { sessionEnv } from './env.ts';
export { isOutputFull, takeShown } from './output.ts';
export type { InputSource } from './program-input.ts';
export type { ProcessUse } from './folder.ts';

/** Everything that a program finds in `process`, `node:os` and the console is its session's. */
export function patchProcess(patcher: Patcher, use: ProcessUse): void {
  patchEnv(patcher);
  patchFolder(patcher, use);
  patchFacts(patcher);
  patchEvents(patcher);
  patchExits(patcher);
  patchOutput(patcher);
  patchInput(patcher);
  patchConsoleTime(patcher);
}

/** The standard input of this process. */
export const standardInput = (): NodeJS.ReadStream => real.stdin();
