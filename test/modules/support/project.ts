import { after } from 'node:test';
import { createBuilder, type Build, type Builder, type BuilderOptions } from '../../../src/modules/index.ts';
import { createDisk } from '../../../src/platform/disk/disk.ts';
import { stageProgram, type StagedProgram } from '../../support/programs.ts';

const disk = createDisk({ sync: false });
const staged: StagedProgram[] = [];
after(() => staged.forEach((program) => program.remove()));

/** A project of these files, with the packages of the fixtures; removed after the tests of the file. */
export function project(files: Readonly<Record<string, string>> = {}, fixture?: string): StagedProgram {
  const program = stageProgram(fixture);
  staged.push(program);
  for (const [name, text] of Object.entries(files)) program.write(name, text);
  return program;
}

/** A builder that keeps everything in memory. */
export function memoryBuilder(options: Partial<BuilderOptions> = {}): Builder {
  return createBuilder({ disk, ...options });
}

/** Builds a project of one or more files from `main.ts`. */
export function buildOf(files: Readonly<Record<string, string>>): {
  readonly build: Build;
  readonly program: StagedProgram;
  readonly builder: Builder;
} {
  const program = project(files);
  const builder = memoryBuilder();
  return { build: builder.build(program.path('main.ts')), program, builder };
}

/** How the functions of one text are reached: `n path` or `n ! rule wraps`. */
export function reachOf(files: Readonly<Record<string, string>>, file = 'main.ts'): readonly string[] {
  const { build, program } = buildOf(files);
  return build
    .artefacts(program.path(file))
    .table.functions.map(({ n, path, why }) => (path === null ? `${n} ! ${why?.rule} ${why?.wraps}` : `${n} ${path.join('.')}`));
}
