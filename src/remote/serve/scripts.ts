import { fileURLToPath } from 'node:url';
import type { Disk } from '../../base/seams/disk.ts';
import type { CallFrame } from '../../platform/engine/call-sites.ts';
import type { Inspector } from '../../platform/engine/inspector.ts';

/** The file behind the name that V8 has for a script; undefined for code without one (eval, `data:`, builtins). */
export function fileOfScript(name: string): string | undefined {
  if (name.startsWith('/')) return name;
  if (!name.startsWith('file:')) return undefined;
  try {
    return fileURLToPath(name.replace(/[?#].*$/, ''));
  } catch {
    return undefined;
  }
}

/** Which script is which file. Frames name some for nothing; the debugger names all, and is asked only when nothing else helps. */
export class Scripts {
  readonly #inspector: Inspector;
  readonly #disk: Disk;
  readonly #names = new Map<string, string>();

  constructor(inspector: Inspector, disk: Disk) {
    this.#inspector = inspector;
    this.#disk = disk;
  }

  noteFrames(frames: readonly CallFrame[]): void {
    for (const { scriptId, scriptName } of frames) if (fileOfScript(scriptName) !== undefined) this.#names.set(scriptId, scriptName);
  }

  noteFile(scriptId: string, file: string): void {
    this.#names.set(scriptId, file);
  }

  /** The name of a script as far as it is known without a debugger. */
  knownName(scriptId: string): string | undefined {
    return this.#names.get(scriptId);
  }

  /** The name of a script; asks the debugger when it is not known yet. */
  name(scriptId: string): string | undefined {
    if (!this.#names.has(scriptId)) this.#askAll();
    return this.#names.get(scriptId);
  }

  /** The text that V8 runs. Asks the debugger. */
  text(scriptId: string): string | undefined {
    return this.#inspector.scriptText(scriptId);
  }

  /** The text that V8 runs for a file; undefined when this thread has not loaded it. Asks the debugger. */
  textOfFile(file: string): string | undefined {
    this.#askAll();
    // The newest script of a file is the one that runs: a file loaded twice (by a query) has the higher number the second time.
    const ids = [...this.#names].filter(([, name]) => this.realFile(name) === file).map(([id]) => Number(id));
    const newest = ids.length === 0 ? undefined : Math.max(...ids);
    return newest === undefined ? undefined : this.text(String(newest));
  }

  /** Real path of the file behind a script's name. */
  realFile(name: string): string | undefined {
    const file = fileOfScript(name);
    return file === undefined ? undefined : this.#disk.realPath(file);
  }

  #askAll(): void {
    for (const [id, url] of this.#inspector.scriptUrls()) this.#names.set(id, url);
  }
}
