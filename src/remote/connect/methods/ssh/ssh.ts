import type { MethodOf } from '../../method.ts';
import { PINNED_ALIAS } from '../../questions/question.ts';
import type { CommonRecipe } from '../../recipe.ts';
import { sshFailure } from './ssh-failure.ts';
import { ASKED_FOR, plainWord } from './ssh-words.ts';
import { clientGivesBareTexts } from './ssh-version.ts';
import { commandLine } from '../../start/far-command.ts';
import { LAST_OWN_CODE } from '../../start/exit-codes.ts';
import { dialByTool } from '../../tool/tool.ts';

/** A process on another machine, through the system's `ssh`. What is absent comes from the user's `~/.ssh/config`. */
export interface SshRecipe extends CommonRecipe {
  readonly method: 'ssh';
  /** A name, an address or a `Host` alias of the ssh configuration. IPv6 without brackets. */
  readonly host: string;
  readonly user?: string;
  readonly port?: number;
  /**
   * What the key of the host must be. A fingerprint (`SHA256:…`): this key and no other, whatever the files of known hosts say; nothing
   * is asked. `accept-new`: an unknown host is taken for what it shows and remembered; a changed key is still refused.
   */
  readonly hostKey?: string;
  /** Absolute path of the ssh configuration file to use in place of the user's and the system's (`ssh -F`). */
  readonly configFile?: string;
}

/**
 * What the user's configuration may not change: a command, a terminal, forwardings, a local command, a background process, a master of
 * ours. The first line makes older clients skip the names that exist only from 8.5 or 8.7 on, so it comes first. The log level keeps banners
 * of hosts out, and two lines of ssh with them that say why it ends: those are asked for by the functions that write them.
 */
const OPTIONS = [
  'IgnoreUnknown=SessionType,StdinNull,ForkAfterAuthentication,RemoteCommand,KnownHostsCommand,LogVerbose',
  'ControlMaster=no',
  'ControlPersist=no',
  'RequestTTY=no',
  'RemoteCommand=none',
  'PermitLocalCommand=no',
  'ForwardAgent=no',
  'ForwardX11=no',
  'ClearAllForwardings=yes',
  'Tunnel=no',
  'SessionType=default',
  'StdinNull=no',
  'ForkAfterAuthentication=no',
  'EscapeChar=none',
  'BatchMode=no',
  'NumberOfPasswordPrompts=1',
  'UpdateHostKeys=no',
  'VisualHostKey=no',
  'LogLevel=ERROR',
  `LogVerbose=${ASKED_FOR}`,
];

/**
 * How a key that the recipe expects is enforced. A fingerprint: nothing is taken for known, so that ssh always asks, under a name by
 * which our answer tells this host from a jump host; nothing is written to a file of known hosts.
 */
function hostKeyOptions(hostKey: string | undefined): readonly string[] {
  if (hostKey === undefined) return [];
  if (hostKey === 'accept-new') return ['StrictHostKeyChecking=accept-new'];
  const nothingKnown = ['UserKnownHostsFile=/dev/null', 'GlobalKnownHostsFile=/dev/null', 'KnownHostsCommand=none'];
  return [`HostKeyAlias=${PINNED_ALIAS}`, 'StrictHostKeyChecking=ask', ...nothingKnown];
}

/** The arguments of ssh. The host follows `--`, and no word before it comes from a target but the user, port and file. */
export function sshArgs(recipe: SshRecipe, command: string): readonly string[] {
  const { user, port, configFile, hostKey } = recipe;
  return [
    ...(configFile === undefined ? [] : ['-F', configFile]),
    ...[...OPTIONS, ...hostKeyOptions(hostKey)].flatMap((option) => ['-o', option]),
    ...(user === undefined ? [] : ['-l', user]),
    ...(port === undefined ? [] : ['-p', String(port)]),
    '--',
    recipe.host,
    command,
  ];
}

function place({ user, host, port }: SshRecipe): string {
  return `${user === undefined ? '' : `${user}@`}${host}${port === undefined ? '' : `:${port}`}`;
}

/** The system's ssh, with its configuration, agents and jump hosts; questions come through our askpass. */
export const sshMethod: MethodOf<SshRecipe> = {
  name: 'ssh',
  farStdio: 'split',
  fields: { host: 'host', user: 'user', port: 'port', hostKey: 'hostKey', configFile: 'path' },
  required: ['host'],
  // No configuration file: it could start programs here.
  target: { help: 'ssh://USER@HOST:PORT', place: 'host', user: 'user', port: 'port', slashes: 'always', options: ['node', 'name'] },
  defaultName: ({ host }) => host,
  isWithin: false,
  describe: (recipe) => `ssh ${place(recipe)}`,
  isCutOff: (exitCode) => exitCode > LAST_OWN_CODE,
  async open(recipe, request) {
    const tried = `ssh ${place(recipe)}`;
    return await dialByTool(
      {
        file: 'ssh',
        args: (words) => sshArgs(recipe, commandLine(words)),
        asks: 'ssh',
        tried,
        target: place(recipe),
        hostKey: recipe.hostKey,
        givesBareTexts: await clientGivesBareTexts(request.seams),
        plainWord,
        isElsewhere: true,
        explain: (end) => sshFailure(tried, end),
      },
      request,
    );
  },
};
