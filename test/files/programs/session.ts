// Programs that move files, as sessions.
import { local, Secret } from 'resprout';

export interface Given {
  readonly data: { readonly file: string; readonly folder: string };
}

export async function everything({ data }: Given): Promise<unknown> {
  const { files } = await local({ name: 'web-1' });
  const place = (name: string): string => `${data.folder}/${name}`;
  const onProgress = (): void => {};
  const refused: unknown = await files.put(place('source'), place('x'), { onProgress }).catch((error: { code?: unknown }) => error.code);
  const put = await files.put(place('source'), place('target'));
  const got = await files.get(place('target'), place('back'));
  const synced = await files.sync(place('source'), place('target'));
  await files.write(place('hidden'), new Secret('never-in-a-journal'));
  const missing: unknown = await files.read(place('nowhere')).catch((error: { code?: unknown }) => error.code);
  const denied: unknown = await files.put(place('nowhere'), place('x')).catch((error: { code?: unknown }) => error.code);
  const counts = [put, got, synced].map(({ fileCount, unchangedCount }) => [fileCount, unchangedCount]);
  return { counts, missing, denied, text: await files.read(place('target/a')), refused };
}

/** A large file that is under way when something is killed. */
export async function large({ data }: Given): Promise<unknown> {
  const context = await local({ name: 'large' });
  const first = context.info.generation;
  const { fileCount, bytes } = await context.files.put(`${data.folder}/large`, `${data.folder}/copy`);
  return { fileCount, isResumed: bytes < 512 * 1024 * 1024, generations: context.info.generation - first };
}
