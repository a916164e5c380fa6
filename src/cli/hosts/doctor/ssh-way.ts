// What can be found of an ssh target without logging in: the client, what its configuration makes of the target, whether anything answers.
import { execFile } from 'node:child_process';
import { connect } from 'node:net';
import { errnoOf } from '../../../platform/errno.ts';
import type { Recipe } from '../../../remote/connect/index.ts';
import type { SshRecipe } from '../../../remote/connect/methods/ssh/ssh.ts';
import type { Step } from './step.ts';

/** Whether a recipe is one of ssh. Whoever has it got it from `parseRecipe`, which looks at all its fields. */
export const isSshRecipe = (recipe: Recipe | SshRecipe): recipe is SshRecipe => recipe.method === 'ssh';

const TOOL_MS = 10_000;
const REACH_MS = 5000;

interface ToolEnd {
  readonly code: number | string | null;
  readonly text: string;
}

function tool(args: readonly string[]): Promise<ToolEnd> {
  return new Promise((resolve) => {
    execFile('ssh', [...args], { timeout: TOOL_MS }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : (error.code ?? null), text: `${stdout}${stderr}`.trim() });
    });
  });
}

/** The steps before a login. The last one has failed, or the rest may be tried. @param of the target */
export async function* sshWay(recipe: SshRecipe, of: string): AsyncGenerator<Step, void> {
  const client = await tool(['-V']);
  if (client.code !== 0) {
    const saw = client.code === 'ENOENT' ? 'there is no ssh on this machine' : client.text;
    yield { of, name: 'ssh client', state: 'failed', saw, do: 'Install OpenSSH: apt-get install openssh-client', exit: 4 };
    return;
  }
  yield { of, name: 'ssh client', state: 'ok', saw: client.text };
  const { host, user } = recipe;
  const said = await tool(['-G', ...toHost(recipe)]);
  if (said.code !== 0) {
    yield { of, name: 'configuration', state: 'failed', saw: said.text, do: 'Correct the ssh configuration', exit: 4 };
    return;
  }
  const settings = new Map(said.text.split('\n').map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]));
  const place = { host: settings.get('hostname') ?? host, port: Number(settings.get('port') ?? 22) };
  yield { of, name: 'configuration', state: 'ok', saw: `${settings.get('user') ?? user ?? ''}@${place.host} port ${place.port}` };
  const through = ['proxyjump', 'proxycommand'].map((name) => settings.get(name)).find((value) => value !== undefined && value !== 'none');
  if (through !== undefined) yield { of, name: 'network', state: 'ok', saw: `not tried from here: it goes through ${through}` };
  else yield await reached(place, of);
}

function toHost({ configFile, host, port, user }: SshRecipe): readonly string[] {
  return [
    ...(configFile === undefined ? [] : ['-F', configFile]),
    ...(user === undefined ? [] : ['-l', user]),
    ...(port === undefined ? [] : ['-p', String(port)]),
    '--',
    host,
  ];
}

/** Asked of ssh itself, without any question. */
const TELL = ['-v', '-T', ...['BatchMode=yes', 'ControlMaster=no', 'StrictHostKeyChecking=yes'].flatMap((option) => ['-o', option])];

/** How far a login gets that never comes to its end. Runs nothing there but `true`. */
export async function howFar(recipe: SshRecipe): Promise<'connection' | 'host key' | 'authentication' | 'shell'> {
  const { text } = await tool([...TELL, ...toHost(recipe), 'true']);
  if (/^(?:debug1: )?Authenticated to /m.test(text)) return 'shell';
  if (/^debug1: (?:Host '.*' is known|SSH2_MSG_NEWKEYS received)/m.test(text)) return 'authentication';
  return /^debug1: Server host key/m.test(text) ? 'host key' : 'connection';
}

/** Whether an sshd answers at a place. It is told nothing. */
function reached({ host, port }: { readonly host: string; readonly port: number }, of: string): Promise<Step> {
  const startedMs = performance.now();
  const found = (state: Step['state'], saw: string, cure?: string): Step => ({ of, name: 'network', state, saw, do: cure, exit: 4 });
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const done = (step: Step): void => {
      socket.destroy();
      resolve(step);
    };
    socket.setTimeout(REACH_MS, () =>
      done(
        socket.connecting
          ? found(
              'failed',
              `${host} port ${port} does not answer within ${REACH_MS / 1000} s`,
              'Look for a firewall, and whether the host is up',
            )
          : found('failed', `${host} port ${port} takes the connection and says nothing`, 'Look whether this port is that of an sshd'),
      ),
    );
    socket.once('error', (error) => done(found('failed', ...unreachable(errnoOf(error), host, port, error))));
    socket.once('close', () => done(found('failed', `${host} port ${port} ends the connection at once`, 'Look into the log of its sshd')));
    socket.once('data', (bytes: Buffer) => {
      const line = bytes.toString('latin1').split(/\r?\n/)[0] ?? '';
      const ms = Math.round(performance.now() - startedMs);
      if (line.startsWith('SSH-')) done(found('ok', `${line.slice(0, 100)} answers in ${ms} ms`));
      else done(found('warning', `it says ${line.slice(0, 100)}, which an sshd does not`, 'Look whether this port is that of an sshd'));
    });
  });
}

function unreachable(errno: string | undefined, host: string, port: number, error: Error): [saw: string, cure: string] {
  if (errno === 'ENOTFOUND' || errno === 'EAI_AGAIN')
    return [`the name ${host} cannot be resolved`, 'Check the name, and the resolver of this machine'];
  if (errno === 'ECONNREFUSED') return [`nothing listens at ${host} port ${port}`, 'Check the port, and whether its sshd runs'];
  if (errno === 'EHOSTUNREACH' || errno === 'ENETUNREACH')
    return [`there is no way to ${host} from here`, 'Check the network of this machine, a VPN perhaps'];
  return [`${host} port ${port}: ${error.message}`, 'Check the network of this machine'];
}
