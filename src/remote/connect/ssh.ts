import type { ConnectionMethod } from './method.ts';
import { PINNED_ALIAS } from './questions/question.ts';
import type { SshRecipe } from './recipe.ts';
import { sshFailure } from './ssh-failure.ts';
import { clientGivesBareTexts } from './ssh-version.ts';
import { dialByTool } from './tool/tool.ts';

/**
 * What the user's configuration may not change: a command, a terminal, forwardings, a local command, a background process, a master of
 * ours. The first line makes older clients skip the names that exist only from 8.7 on, so it comes first.
 */
const OPTIONS = [
  'IgnoreUnknown=SessionType,StdinNull,ForkAfterAuthentication,RemoteCommand,KnownHostsCommand',
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
export const sshMethod: ConnectionMethod<SshRecipe> = {
  name: 'ssh',
  farStdio: 'split',
  describe: (recipe) => `ssh ${place(recipe)}`,
  async open(recipe, request) {
    const tried = `ssh ${place(recipe)}`;
    return await dialByTool(
      {
        file: 'ssh',
        args: (command) => sshArgs(recipe, command),
        tried,
        target: place(recipe),
        hostKey: recipe.hostKey,
        givesBareTexts: await clientGivesBareTexts(request.seams),
        explain: (end) => sshFailure(tried, end),
      },
      request,
    );
  },
};
