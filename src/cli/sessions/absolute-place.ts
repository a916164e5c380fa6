// Builds and journals name files relative to the project. An error is shown to a person in any folder, and to tools: it names the file itself.
import path from 'node:path';
import { ResproutError, type Problem, type SourcePlace } from '../../base/errors/errors.ts';
import { projectRoot } from '../../modules/project/project-root.ts';
import { createDisk } from '../../platform/disk/disk.ts';

/** The place with an absolute file. @param program any file of the project, usually the program's */
export function absolutePlace(at: SourcePlace, program: string): SourcePlace {
  return path.isAbsolute(at.file) ? at : { ...at, file: path.join(projectRoot(createDisk({ sync: false }), program), at.file) };
}

/** The problem with its place in the project of a program. */
export function withAbsolutePlace<P extends Problem>(problem: P, program: string): P {
  return problem.at === undefined ? problem : { ...problem, at: absolutePlace(problem.at, program) };
}

/** The same for an error; other errors than ours pass. */
export function errorInProject<E extends Error>(error: E, program: string): E | ResproutError {
  if (!(error instanceof ResproutError) || error.problem.at === undefined) return error;
  return new ResproutError(error.code, error.message, withAbsolutePlace(error.problem, program), { cause: error });
}
