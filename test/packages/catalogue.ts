// The programs of the suite: tables of programs/, with the addresses of servers put into their texts.
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Program } from '../idioms/tables/program.ts';
import { readTable } from '../idioms/tables/read-table.ts';
import type { Databases } from './servers/databases.ts';
import { Effects } from './servers/effects.ts';
import { startGrpc } from './servers/grpc-stub.ts';
import { startHttp, type HttpServer } from './servers/http-stub.ts';
import { startSmtp } from './servers/smtp-stub.ts';

const HERE = import.meta.dirname;

/** Programs with the servers that they talk to. */
export interface Suite {
  readonly programs: readonly Program[];
  close(): void;
}

/** All programs as they are written. */
export function tables(): Program[] {
  return globSync('programs/*.md', { cwd: HERE })
    .sort()
    .flatMap((file) => readTable(path.basename(file, '.md'), readFileSync(path.join(HERE, file), 'utf8')));
}

const uses = ({ files }: Program, word: string): boolean => [...files.values()].some((text) => text.includes(word));

/** Whether a program needs a database. */
export const needsDatabases = (program: Program): boolean => uses(program, '__PG__') || uses(program, '__REDIS__');

/** Starts the servers of the given programs and tells them where these are. @param databases undefined when none needs them */
export async function openSuite(given: readonly Program[], databases: Databases | undefined): Promise<Suite> {
  const servers: HttpServer[] = [];
  const programs: Program[] = [];
  for (const program of given) {
    const effects = new Effects();
    const words: Record<string, string> = {
      __KEY__: program.name.replaceAll(/\W/g, '_'),
      __PG__: databases?.postgresUrl ?? '',
      __REDIS__: databases?.redisUrl ?? '',
    };
    if (uses(program, '__HTTP__')) {
      const server = await startHttp(effects);
      servers.push(server);
      words['__HTTP__'] = `http://127.0.0.1:${server.port}`;
    }
    if (uses(program, '__SMTP__')) {
      const server = await startSmtp(effects);
      servers.push(server);
      words['__SMTP__'] = String(server.port);
    }
    if (uses(program, '__GRPC__')) {
      const server = await startGrpc(effects);
      servers.push(server);
      words['__GRPC__'] = `127.0.0.1:${server.port}`;
    }
    const put = (text: string): string => text.replaceAll(/__[A-Z]+__/g, (word) => words[word] ?? word);
    programs.push({
      ...program,
      files: new Map([...program.files].map(([name, text]) => [name, put(text)])),
      links: new Map([['node_modules', path.join(HERE, 'node_modules')]]),
      onFolder: (folder) => {
        effects.folder = folder;
      },
    });
  }
  return {
    programs,
    close() {
      for (const server of servers) server.close();
    },
  };
}
