// A copy of the package with one rule of it broken on purpose: what shows that the sweep can fail.
import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export interface Breakage {
  readonly name: string;
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly text: string;
  readonly replacement: string;
}

/** Results and starts no longer wait for the commit that holds them. */
export const DELIVER_EARLY: Breakage = {
  name: 'commit before deliver is off',
  file: 'src/durable/runner/channels/journal-sink.ts',
  text: '  #whenDurable(lane: Lane, run: () => void): void {\n    if (lane.pieces.length > 0) {',
  replacement:
    '  #whenDurable(lane: Lane, run: () => void): void {\n    if (lane.pieces.length >= 0) {\n      this.#ready.push(run);\n      this.#drainSoon();\n      return;\n    }\n    if (lane.pieces.length > 0) {',
};

/** Calls of functions of the package, far calls among them, are made and nothing of them is recorded. */
export const UNRECORDED: Breakage = {
  name: 'far calls go unrecorded',
  file: 'src/durable/runner/program/recorder.ts',
  text: '    return this.#options.session.world.call(call);',
  replacement: '    return this.outside(() => call.run(`${this.sessionId}/0`, new AbortController().signal));',
};

/** Nothing is broken: what shows that a copy by itself does not fail. */
export const UNBROKEN: Breakage = { ...UNRECORDED, name: 'nothing is broken', replacement: UNRECORDED.text };

/** The journal is written without any sync. */
export const NO_SYNC: Breakage = {
  name: 'the journal is never synced',
  file: 'src/durable/engines/sqlite/journal.ts',
  text: "options.unsafeSynchronousForPowerCutTest ?? 'FULL'",
  replacement: "options.unsafeSynchronousForPowerCutTest ?? 'OFF'",
};

const LEFT_OUT = new Set(['.git', 'node_modules', '.resprout', '.prime', '.build']);

/** Whether a path, relative to the package, belongs to the copy. Of the tests only the project file, which tsconfig.json names. */
function isCopied(relative: string): boolean {
  const [top = '', ...rest] = relative.split(path.sep);
  return top === 'test' ? rest.length === 0 || relative === path.join('test', 'tsconfig.json') : !LEFT_OUT.has(top);
}

/**
 * Makes the copy in a new folder.
 * @throws Error when the broken text is not there exactly once: the control would no longer break anything
 */
export function brokenCopy(packageFolder: string, folder: string, breakage: Breakage): void {
  cpSync(packageFolder, folder, { recursive: true, filter: (source) => isCopied(path.relative(packageFolder, source)) });
  symlinkSync(path.join(packageFolder, 'node_modules'), path.join(folder, 'node_modules'));
  const file = path.join(folder, breakage.file);
  const text = readFileSync(file, 'utf8');
  if (text.split(breakage.text).length !== 2)
    throw new Error(`«${breakage.name}» breaks nothing: its text is not in ${breakage.file} exactly once`);
  writeFileSync(
    file,
    text.replace(breakage.text, () => breakage.replacement),
  );
}
