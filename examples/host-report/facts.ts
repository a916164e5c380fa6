// Ordinary functions that look at the machine they run on. They need nothing there but Node: everything comes from
// /proc, statfs and the package database. What a host does not have is «unknown».
import { appendFileSync } from 'node:fs';
import { readFile, readdir, stat, statfs } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { contextInfo } from 'resprout';
import { idempotencyKey } from 'resprout/durable';

export const UNKNOWN = 'unknown';
type Unknown = typeof UNKNOWN;

/** Where each call leaves a line when the report is run with `trace`: a way to see from outside what really ran, and how often. */
export interface Tracing {
  readonly trace?: string | undefined;
}

function leaveTrace(what: string, { trace }: Tracing): void {
  if (trace === undefined) return;
  const { name, generation } = contextInfo();
  appendFileSync(trace, `${JSON.stringify({ key: idempotencyKey(), what, context: name, generation, pid: process.pid })}\n`);
}

/** The text of a file, or undefined when this host does not have it or does not let us read it. */
async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return undefined;
  }
}

const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '');

export interface System {
  readonly hostname: string;
  readonly os: string;
  readonly kernel: string;
  readonly architecture: string;
  readonly cpus: number;
}

export async function system(tracing: Tracing): Promise<System> {
  leaveTrace('system', tracing);
  const release = (await textOf('/etc/os-release')) ?? (await textOf('/usr/lib/os-release'));
  const pretty = /^PRETTY_NAME="?([^"\n]*)/m.exec(release ?? '')?.[1];
  return {
    hostname: os.hostname(),
    os: pretty ?? UNKNOWN,
    kernel: `${os.type()} ${os.release()}`,
    architecture: os.machine(),
    cpus: os.cpus().length,
  };
}

export interface Load {
  readonly upSeconds: number;
  readonly loadAverage: readonly number[];
}

export async function uptimeAndLoad(tracing: Tracing): Promise<Load> {
  leaveTrace('uptimeAndLoad', tracing);
  return { upSeconds: Math.floor(os.uptime()), loadAverage: os.loadavg() };
}

export interface Memory {
  readonly totalBytes: number;
  readonly availableBytes: number;
  readonly swapTotalBytes: number;
  readonly swapFreeBytes: number;
}

export async function memory(tracing: Tracing): Promise<Memory> {
  leaveTrace('memory', tracing);
  const text = (await textOf('/proc/meminfo')) ?? '';
  const bytes = (name: string): number | undefined => {
    const kib = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1];
    return kib === undefined ? undefined : Number(kib) * 1024;
  };
  return {
    totalBytes: bytes('MemTotal') ?? os.totalmem(),
    availableBytes: bytes('MemAvailable') ?? os.freemem(),
    swapTotalBytes: bytes('SwapTotal') ?? 0,
    swapFreeBytes: bytes('SwapFree') ?? 0,
  };
}

export interface CpuTimes {
  readonly busyTicks: number;
  readonly totalTicks: number;
}

/** Ticks since boot; two samples give the use in between. */
export async function cpuTimes(tracing: Tracing): Promise<CpuTimes | Unknown> {
  leaveTrace('cpuTimes', tracing);
  const first = lines((await textOf('/proc/stat')) ?? '')[0];
  if (first === undefined) return UNKNOWN;
  const [user = 0, nice = 0, kernel = 0, idle = 0, ioWait = 0, ...rest] = first.split(/\s+/).slice(1).map(Number);
  // guest times (the last two) are part of user and nice already
  const others = rest.slice(0, 3).reduce((sum, ticks) => sum + ticks, 0);
  const busyTicks = user + nice + kernel + others;
  return { busyTicks, totalTicks: busyTicks + idle + ioWait };
}

export interface ProcessUse {
  readonly pid: number;
  /** The program, and the script that an interpreter runs: `node main.ts`. No other argument: it may be a secret. */
  readonly name: string;
  readonly residentBytes: number;
}

const INTERPRETERS = /^(node|nodejs|deno|bun|python[\d.]*|ruby|perl|php|bash|sh|dash|zsh)$/;

/** Words of a command line to a name; `short` is what the kernel calls it, at most 15 characters. */
function programName(commandLine: string, short: string): string {
  const [command = '', ...args] = commandLine.split('\0');
  // Programs that set their own title put all of it into the first word.
  const program = path.basename(command.split(' ')[0] ?? '');
  if (program === '') return short;
  // What follows an option without `=` may be its value, or a program as text.
  const script = args.find((arg) => !/^--[\w-]+=/.test(arg)) ?? '';
  const isScript = INTERPRETERS.test(program) && script !== '' && !script.startsWith('-') && !script.startsWith('/dev/');
  return isScript ? `${program} ${path.basename(script)}` : program;
}

/** The ten processes with the most memory in use. */
export async function largestProcesses(tracing: Tracing): Promise<ProcessUse[] | Unknown> {
  leaveTrace('largestProcesses', tracing);
  let entries: string[];
  try {
    entries = await readdir('/proc');
  } catch {
    return UNKNOWN;
  }
  const found = await Promise.all(
    entries
      .filter((entry) => /^\d+$/.test(entry))
      .map(async (pid): Promise<ProcessUse | undefined> => {
        const status = await textOf(`/proc/${pid}/status`);
        const kib = /^VmRSS:\s+(\d+) kB/m.exec(status ?? '')?.[1];
        const name = /^Name:\t(.*)$/m.exec(status ?? '')?.[1];
        if (kib === undefined || name === undefined) return undefined;
        const commandLine = (await textOf(`/proc/${pid}/cmdline`)) ?? '';
        return { pid: Number(pid), name: programName(commandLine, name), residentBytes: Number(kib) * 1024 };
      }),
  );
  const known = found.filter((entry) => entry !== undefined);
  return known.length === 0 ? UNKNOWN : known.sort((a, b) => b.residentBytes - a.residentBytes || a.pid - b.pid).slice(0, 10);
}

export interface DiskUse {
  readonly mount: string;
  readonly type: string;
  readonly totalBytes: number;
  readonly freeBytes: number;
}

/** File systems that lie on a device of their own, one line a device. */
export async function diskUse(tracing: Tracing): Promise<DiskUse[] | Unknown> {
  leaveTrace('diskUse', tracing);
  const mounts = (await textOf('/proc/self/mounts')) ?? '';
  const seen = new Set<string>();
  const found: DiskUse[] = [];
  for (const line of lines(mounts)) {
    const [device = '', escaped = '', type = ''] = line.split(' ');
    if (!device.startsWith('/') || seen.has(device)) continue;
    seen.add(device);
    const mount = escaped.replaceAll(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
    try {
      const { bsize, blocks, bavail } = await statfs(mount);
      found.push({ mount, type, totalBytes: bsize * blocks, freeBytes: bsize * bavail });
    } catch {
      // A mount that this user may not look at has no use that we could report.
    }
  }
  return found.length === 0 ? UNKNOWN : found;
}

export interface ListeningPort {
  readonly protocol: string;
  readonly address: string;
  readonly port: number;
}

/** Dotted or colon form of the kernel's hexadecimal address: 32-bit words in the machine's byte order. */
function addressOf(hex: string): string {
  const bytes = Buffer.from(hex, 'hex');
  if (os.endianness() === 'LE') bytes.swap32();
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(i * 2).toString(16));
  return new URL(`http://[${groups.join(':')}]`).hostname;
}

/** Sockets that wait for connections (TCP) or datagrams (UDP), in this process's network namespace. */
export async function listeningPorts(tracing: Tracing): Promise<ListeningPort[] | Unknown> {
  leaveTrace('listeningPorts', tracing);
  const listening: Readonly<Record<string, string>> = { tcp: '0A', tcp6: '0A', udp: '07', udp6: '07' };
  const found: ListeningPort[] = [];
  let isKnown = false;
  for (const [protocol, state] of Object.entries(listening)) {
    const text = await textOf(`/proc/self/net/${protocol}`);
    if (text === undefined) continue;
    isKnown = true;
    for (const line of lines(text).slice(1)) {
      const [, local = '', , socketState] = line.trim().split(/\s+/);
      const [address = '', port = ''] = local.split(':');
      if (socketState === state) found.push({ protocol, address: addressOf(address), port: Number.parseInt(port, 16) });
    }
  }
  return isKnown ? found.sort((a, b) => a.port - b.port || a.protocol.localeCompare(b.protocol)) : UNKNOWN;
}

export interface Packages {
  readonly manager: string;
  readonly count: number;
}

/** How many packages the system's own package database holds. */
export async function installedPackages(tracing: Tracing): Promise<Packages | Unknown> {
  leaveTrace('installedPackages', tracing);
  const dpkg = await textOf('/var/lib/dpkg/status');
  if (dpkg !== undefined) return { manager: 'dpkg', count: dpkg.match(/^Status: \S+ \S+ installed$/gm)?.length ?? 0 };
  const apk = await textOf('/lib/apk/db/installed');
  if (apk !== undefined) return { manager: 'apk', count: apk.match(/^P:/gm)?.length ?? 0 };
  try {
    return { manager: 'pacman', count: (await readdir('/var/lib/pacman/local')).length - 1 };
  } catch {
    return rpmPackages();
  }
}

async function rpmPackages(): Promise<Packages | Unknown> {
  for (const file of ['/usr/lib/sysimage/rpm/rpmdb.sqlite', '/var/lib/rpm/rpmdb.sqlite']) {
    try {
      const { DatabaseSync } = await import('node:sqlite');
      using database = new DatabaseSync(file, { readOnly: true });
      const row = database.prepare('select count(*) as count from Packages').get();
      return { manager: 'rpm', count: Number(row?.['count']) };
    } catch {
      // No such database here, or it is not one that we can read: the next place is asked.
    }
  }
  return UNKNOWN;
}

export interface LogFile {
  readonly file: string;
  readonly bytes: number;
}

/** The ten largest files below /var/log that this user can see. */
export async function largestLogs(tracing: Tracing): Promise<LogFile[] | Unknown> {
  leaveTrace('largestLogs', tracing);
  const found: LogFile[] = [];
  const walk = async (folder: string): Promise<boolean> => {
    let entries;
    try {
      entries = await readdir(folder, { withFileTypes: true });
    } catch {
      return false;
    }
    for (const entry of entries) {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory()) await walk(file);
      else if (entry.isFile()) {
        try {
          found.push({ file, bytes: (await stat(file)).size });
        } catch {
          // The file was rotated away between the listing and the look.
        }
      }
    }
    return true;
  };
  if (!(await walk('/var/log'))) return UNKNOWN;
  const filled = found.filter(({ bytes }) => bytes > 0);
  return filled.sort((a, b) => b.bytes - a.bytes || a.file.localeCompare(b.file)).slice(0, 10);
}
