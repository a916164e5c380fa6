// A registry for the tests of one file or block, and the projects that they make: all of it goes away after the last test.
import { after, before } from 'node:test';
import { makeClient, type Client } from './client.ts';
import { startRegistry, type TestRegistry } from './registry.ts';

export interface Workshop {
  /** From the first test on. */
  readonly registry: TestRegistry;
  /** A project on this registry, whose PATH has a wild Node, and `nodes` for the launcher to find. */
  client(wild?: string, nodes?: readonly string[]): Client;
  /** Removes a project that was made otherwise, too. Gives it back. */
  keep(client: Client): Client;
}

/** Sets it up in `before` and takes it down in `after` of where it is called. @param usual the wild Node when none is named */
export function useWorkshop(usual: string): Workshop {
  let registry: TestRegistry | undefined;
  const clients: Client[] = [];
  const opened = (): TestRegistry => {
    if (registry === undefined) throw new Error('the registry starts with the first test');
    return registry;
  };
  const keep = (client: Client): Client => {
    clients.push(client);
    return client;
  };
  before(async () => {
    registry = await startRegistry();
  });
  after(async () => {
    for (const client of clients) client.remove();
    await registry?.close();
  });
  return {
    get registry() {
      return opened();
    },
    client: (wild = usual, nodes = []) => keep(makeClient(opened(), wild, nodes)),
    keep,
  };
}
