import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { SupervisorEvent, UnitEnd } from '../../../src/supervisor.ts';

/** Keeps what a supervisor tells. */
export class Heard {
  readonly events: SupervisorEvent[] = [];
  readonly onEvent = (event: SupervisorEvent): void => void this.events.push(event);

  get ends(): readonly UnitEnd[] {
    return this.events.flatMap((event) => (event.kind === 'ended' ? event.end : []));
  }

  /** States of units in their order, such as `web ready`. */
  states(...wanted: readonly string[]): readonly string[] {
    return this.events.flatMap((event) => (event.kind === 'state' && wanted.includes(event.state) ? `${event.unit} ${event.state}` : []));
  }
}

/** A file of a folder that goes when the test has ended. */
export async function withFile(use: (file: string, lines: () => readonly string[]) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'resprout-units-'));
  const file = path.join(folder, 'told');
  const lines = (): readonly string[] => {
    try {
      return readFileSync(file, 'utf8').split('\n').filter(Boolean);
    } catch {
      return [];
    }
  };
  try {
    await use(file, lines);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
