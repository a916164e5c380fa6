// Its own functions cannot run elsewhere: the file does something when it is loaded.
import { local } from 'resprout';

const far = await local({ name: 'early' });

function one(): number {
  return 1;
}

export async function main(): Promise<unknown> {
  return await far.call(one).catch((error: { code?: unknown }) => error.code);
}
