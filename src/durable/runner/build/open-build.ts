import type { BuildReader } from './build-reader.ts';
import { RunnerBuild } from './runner-build.ts';

/** A build with the late files that it has by now. @throws ResproutError BUILD_FILE_MISSING (also when damaged) */
export function openBuild(reader: BuildReader, id: string): RunnerBuild {
  return new RunnerBuild(reader.manifest(id), reader.late(id), reader);
}
