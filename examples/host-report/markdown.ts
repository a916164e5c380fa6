// The report as a page for people.
import type { HostReport, Report } from '../host-report.ts';

const mebibytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
const days = (seconds: number): string => `${Math.floor(seconds / 86_400)}d ${Math.floor((seconds % 86_400) / 3600)}h`;
/** Text from a host is data: it must not end a table cell or begin markup. */
const cell = (text: string | number): string => String(text).replaceAll(/[|\\`<>*_[\]]/g, (mark) => `\\${mark}`);

function table(heads: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [line(heads), `| ${heads.map(() => '---').join(' | ')} |`, ...rows.map(line)].join('\n');
}

function orUnknown<T>(values: readonly T[] | 'unknown', heads: readonly string[], row: (value: T) => readonly (string | number)[]): string {
  if (values === 'unknown') return 'unknown';
  return values.length === 0 ? 'none' : table(heads, values.map(row));
}

function hostSection(host: HostReport): string {
  if ('problem' in host) return `## ${cell(host.target)}\n\nNot reached: ${cell(host.problem)}\n`;
  const { system, load, memory, cpuUse, packages } = host;
  return `## ${cell(host.target)}: ${cell(system.hostname)}

${table(
  ['what', 'value'],
  [
    ['system', system.os],
    ['kernel', `${system.kernel} ${system.architecture}, ${system.cpus} CPUs`],
    ['up', days(load.upSeconds)],
    ['load', load.loadAverage.map((value) => value.toFixed(2)).join(' ')],
    ['memory', `${mebibytes(memory.availableBytes)} of ${mebibytes(memory.totalBytes)} available`],
    ['CPU use', cpuUse === 'unknown' ? cpuUse : `${(cpuUse * 100).toFixed(1)} %`],
    ['packages', packages === 'unknown' ? packages : `${packages.count} (${packages.manager})`],
  ],
)}

### Largest processes

${orUnknown(host.processes, ['pid', 'name', 'memory'], (use) => [use.pid, use.name, mebibytes(use.residentBytes)])}

### Disks

${orUnknown(host.disks, ['mount', 'type', 'free', 'total'], (disk) => [disk.mount, disk.type, mebibytes(disk.freeBytes), mebibytes(disk.totalBytes)])}

### Listening ports

${orUnknown(host.ports, ['port', 'protocol', 'address'], (port) => [port.port, port.protocol, port.address])}

### Largest logs

${orUnknown(host.logs, ['file', 'size'], (log) => [log.file, mebibytes(log.bytes)])}
`;
}

export function markdownOf(report: Report): string {
  return `# Host report of ${report.madeAt}\n\n${report.hosts.map(hostSection).join('\n')}`;
}
