// The report as a page for people. It reads well as plain text too: columns are padded, numbers stand on the right.
import type { HostReport, Report } from '../host-report.ts';

type Cell = string | number;
/** A head that begins with `>` stands over numbers: its column is aligned to the right. */
type Heads = readonly string[];

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** File systems that are full by their nature. */
const IMAGES = new Set(['squashfs', 'iso9660', 'erofs', 'udf']);

/** `23.5 GiB`: three digits say enough. */
function size(bytes: number): string {
  const power = Math.min(UNITS.length - 1, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[power]}`;
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

function duration(seconds: number): string {
  const [days, hours, minutes] = [Math.floor(seconds / 86_400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60];
  if (days > 0) return `${days} d ${hours} h`;
  return hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min`;
}

/** Text from a host is data: it must not end a table cell, begin markup or act on a terminal. */
function cell(text: Cell): string {
  return String(text)
    .replaceAll(/\p{Cc}/gu, '\u{fffd}')
    .replaceAll(/[|\\`<>*[\]]|(?<!\w)_|_(?!\w)/g, (mark) => `\\${mark}`);
}

function table(heads: Heads, rows: readonly (readonly Cell[])[]): string {
  const isRight = heads.map((head) => head.startsWith('>'));
  const lines = [heads.map((head) => head.replace('>', '')), ...rows].map((cells) => cells.map(cell));
  const widths = heads.map((_, column) => Math.max(3, ...lines.map((cells) => cells[column]?.length ?? 0)));
  const pad = (text: string, column: number): string => {
    const width = widths[column] ?? 0;
    return isRight[column] === true ? text.padStart(width) : text.padEnd(width);
  };
  const rule = widths.map((width, column) => (isRight[column] === true ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width)));
  const [head = [], ...body] = lines.map((cells) => cells.map(pad));
  return [head, rule, ...body].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function orUnknown<T>(values: readonly T[] | 'unknown', heads: Heads, row: (value: T) => readonly Cell[]): string {
  if (values === 'unknown') return 'unknown';
  return values.length === 0 ? 'none' : table(heads, values.map(row));
}

/** One line a host: what one looks for first. */
function overview(hosts: readonly HostReport[]): string {
  const heads = ['target', 'host', '>CPU use', '>load', '>memory free', '>fullest disk', 'note'];
  return table(
    heads,
    hosts.map((host) => {
      if ('problem' in host) return [host.target, '', '', '', '', '', 'not reached'];
      const { cpuUse, disks, load, memory, system } = host;
      const writable = disks === 'unknown' ? [] : disks.filter(({ type, totalBytes }) => !IMAGES.has(type) && totalBytes > 0);
      const used = writable.map((disk) => 1 - disk.freeBytes / disk.totalBytes);
      return [
        host.target,
        system.hostname,
        cpuUse === 'unknown' ? cpuUse : percent(cpuUse),
        load.loadAverage[0]?.toFixed(2) ?? 'unknown',
        percent(memory.availableBytes / memory.totalBytes),
        used.length === 0 ? 'unknown' : percent(Math.max(...used)),
        '',
      ];
    }),
  );
}

function hostSection(host: HostReport): string {
  if ('problem' in host) return `## ${cell(host.target)}\n\nNot reached: ${cell(host.problem)}\n`;
  const { system, load, memory, cpuUse, packages } = host;
  const swap = `${size(memory.swapFreeBytes)} of ${size(memory.swapTotalBytes)} free`;
  return `## ${cell(host.target)}: ${cell(system.hostname)}

${table(
  ['what', 'value'],
  [
    ['system', system.os],
    ['kernel', `${system.kernel}, ${system.architecture}`],
    ['CPUs', system.cpus],
    ['CPU use', cpuUse === 'unknown' ? cpuUse : percent(cpuUse)],
    ['load of 1, 5, 15 min', load.loadAverage.map((value) => value.toFixed(2)).join(', ')],
    ['memory', `${size(memory.availableBytes)} of ${size(memory.totalBytes)} available`],
    ['swap', memory.swapTotalBytes === 0 ? 'none' : swap],
    ['up for', duration(load.upSeconds)],
    ['packages', packages === 'unknown' ? packages : `${packages.count} (${packages.manager})`],
  ],
)}

### Largest processes

${orUnknown(host.processes, ['>memory', '>pid', 'program'], (use) => [size(use.residentBytes), use.pid, use.name])}

### Disks

${orUnknown(host.disks, ['mount', 'type', '>free', '>of', '>used'], (disk) => [
  disk.mount,
  disk.type,
  size(disk.freeBytes),
  size(disk.totalBytes),
  disk.totalBytes === 0 ? '' : percent(1 - disk.freeBytes / disk.totalBytes),
])}

### Listening ports

${orUnknown(host.ports, ['>port', 'protocol', 'address'], (port) => [port.port, port.protocol, port.address])}

### Largest logs

${orUnknown(host.logs, ['>size', 'file'], (log) => [size(log.bytes), log.file])}
`;
}

export function markdownOf(report: Report): string {
  return `# Host report of ${report.madeAt}\n\n${overview(report.hosts)}\n\n${report.hosts.map(hostSection).join('\n')}`;
}
