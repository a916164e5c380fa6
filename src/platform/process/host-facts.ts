import type { HostFacts } from '../../base/seams/host-facts.ts';

/** The facts of this process, as they are now. */
export function hostFacts(): HostFacts {
  return {
    pid: process.pid,
    uid: process.getuid?.() ?? -1,
    platform: process.platform,
    arch: process.arch,
    nodeVersion: process.version,
    execPath: process.execPath,
    cwd: process.cwd(),
  };
}
