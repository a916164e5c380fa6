// A unit of systemd that keeps a supervisor alive from the start of the machine on. Format: systemd.unit(5), systemd.service(5), systemd.syntax(7).
import path from 'node:path';

/** What the unit starts. */
export interface BootUnit {
  /** Absolute path of the file that is supervised. */
  readonly file: string;
  readonly exportName: string | undefined;
  /** Node and the command line's file. */
  readonly node: string;
  readonly main: string;
  /** Where it looks for programs. */
  readonly path: string;
  /** Whose it is; nobody where the system has no name for it. */
  readonly user: string | undefined;
}

/** The ladders of the units come first: those of a tree follow one after the other. */
const STOP_S = 120;
const PAUSE_S = 5;

/** A word of a command line or an assignment: nothing in it is special. */
function quoted(word: string): string {
  const plain = word.replaceAll('%', '%%');
  return /^[\w@%+=:,./-]+$/.test(plain)
    ? plain
    : `"${plain
        .replaceAll(/["\\]/g, String.raw`\$&`)
        .replaceAll('\n', String.raw`\n`)
        .replaceAll('\t', String.raw`\t`)}"`;
}

/** The same in a command line, where a dollar begins a variable. */
const word = (text: string): string => quoted(text.replaceAll('$', '$$$$'));

/** Its name: `shop` of `shop.json`. */
export function bootUnitName(file: string): string {
  return `${path.parse(file).name.replaceAll(/[^\w.:-]/g, '-')}.service`;
}

/** The text of the unit, with how it is put in place in its first lines. */
export function bootUnit({ exportName, file, main, node, path: programs, user }: BootUnit): string {
  const name = bootUnitName(file);
  const supervised = exportName === undefined ? file : `${file}:${exportName}`;
  return `# Put this into /etc/systemd/system/${name}, then: systemctl daemon-reload && systemctl enable --now ${name}
[Unit]
Description=${path.basename(file).replaceAll('%', '%%').replaceAll(/\s/g, ' ')}, kept alive by resprout supervise
Wants=network-online.target
After=network-online.target

[Service]
Type=exec
${user === undefined ? '' : `User=${user}\n`}WorkingDirectory=${path.dirname(file).replaceAll('%', '%%')}
Environment=${quoted(`PATH=${programs}`)}
ExecStart=${[node, main, 'supervise', supervised].map(word).join(' ')}
# It ends with 1 when it gave up or could not start, with 0 when it was told to end.
Restart=on-failure
RestartSec=${PAUSE_S}
# A SIGTERM goes to the supervisor alone, which ends its units; what is left after ${STOP_S} seconds is killed.
KillMode=mixed
TimeoutStopSec=${STOP_S}

[Install]
WantedBy=multi-user.target
`;
}
