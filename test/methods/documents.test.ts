// docs/become-root.md, docs/containers.md and docs/bastion.md: their files are written, their commands are run as they stand there. The tools of
// this machine are led to the containers, rules and hosts of the test by programs of their names on PATH.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { chmodSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Shop, nothingLeft } from '../cli/support/cli.ts';
import { pageText, runPage } from '../cli/support/document.ts';
import { openRig, rigProblem, type Rig } from '../ssh/rig.ts';
import type { FarUser } from '../ssh/support/far-user.ts';
import { run } from '../ssh/support/run.ts';
import { placeNode } from '../ssh/support/homes.ts';
import type { Options } from './support/containers.ts';
import { openTargets, targetsProblem, type Targets } from './support/targets.ts';

const skip = targetsProblem() || (rigProblem() ?? false);
/** Where a tool of this machine is. */
const real = (name: string): string => run('sh', ['-c', `command -v ${name}`]).trim();
/** A line that starts a tool with words of the test; the pages call every container `shop`. */
function leading(program: string, { toolArgs = [], container = '' }: Options): string {
  const names = `for x do shift; [ "$x" = shop ] && x=${quoted(String(container))}; set -- "$@" "$x"; done`;
  return `${names}; exec ${program} ${(toolArgs as readonly string[]).map(quoted).join(' ')} "$@"`;
}
const quoted = (word: string): string => `'${word.replaceAll("'", String.raw`'\''`)}'`;

describe('the task pages', { skip }, () => {
  let targets: Targets;
  let rig: Rig;
  let host: FarUser;
  before(async () => {
    targets = await openTargets();
    rig = await openRig([{ shell: '/bin/bash', prepare: (home) => placeNode(home, 'n') }], { namespace: rules });
    [host] = rig.users as [FarUser];
    const keys = path.join(host.home, '.ssh');
    mkdirSync(keys, { mode: 0o700 });
    cpSync(path.join(rig.folder, 'right'), path.join(keys, 'key'));
    writeFileSync(path.join(keys, 'config'), sshConfig(path.join(keys, 'key')));
    host.own();
  });
  after(async () => {
    await rig.close();
    await targets.close();
  });

  /** What the rig's host lets its user do, and what root finds there: Node, and the client of the test's Docker. */
  const rules = (folder: string, users: readonly FarUser[]): readonly string[] => {
    const tools = path.join(folder, 'tools');
    mkdirSync(tools);
    writeFileSync(path.join(tools, 'docker'), `#!/bin/sh\n${leading(real('docker'), targets.options['docker'] ?? {})}\n`, { mode: 0o755 });
    const lines = [
      `Defaults secure_path="${tools}:${folder}/nodes/this:/usr/bin:/bin"`,
      `${users[0]?.name ?? ''} ALL=(ALL) NOPASSWD: ALL`,
      '',
    ];
    writeFileSync(path.join(folder, 'sudoers'), lines.join('\n'), { mode: 0o440 });
    return [`mount --bind '${folder}/sudoers' /etc/sudoers`];
  };

  /** All hosts of the pages are the rig's one. */
  const sshConfig = (key: string): string =>
    [
      'Host bastion web-1 web-2',
      'HostName 127.0.0.1',
      `Port ${rig.port}`,
      `User ${host.name}`,
      `IdentityFile ${key}`,
      'IdentitiesOnly yes',
      'StrictHostKeyChecking no',
      'UserKnownHostsFile /dev/null',
      '',
    ].join('\n');

  /** A project folder in which the tools are those of the test. */
  function shopWithTools(): Shop {
    const shop = new Shop();
    const tool = (name: string, script: string): void => chmodSync(shop.program.write(name, `#!/bin/sh\n${script}\n`), 0o755);
    const led = (name: string, program: string, options: Options): void => tool(name, leading(program, options));
    const { docker = {}, podman = {}, buildah = {}, lxc = {}, doas = {}, chroot = {} } = targets.options;
    led('docker', real('docker'), docker);
    led('podman', real('podman'), podman);
    led('lxc-attach', real('lxc-attach'), lxc);
    led('buildah', 'env', {
      ...buildah,
      toolArgs: (buildah['toolArgs'] as string[]).map((word) => (word === 'buildah' ? real('buildah') : word)),
    });
    const folder = String(chroot['directory']);
    const inFolder = (name: string, program: string): void =>
      tool(
        name,
        `for x do shift; case $x in *=/srv/shop) x="\${x%/srv/shop}${folder}";; /srv/shop) x=${folder};; esac; set -- "$@" "$x"; done; exec ${program} "$@"`,
      );
    inFolder('chroot', real('chroot'));
    inFolder('systemd-nspawn', `${real('systemd-nspawn')} --register=no --keep-unit`);
    const sudoers = shop.program.write('sudoers', 'Defaults !secure_path\nroot ALL=(ALL) NOPASSWD: ALL\n');
    chmodSync(sudoers, 0o440);
    // The Node of the folder can be run by everybody.
    tool(
      'sudo',
      `export PATH=${folder}/usr/local/bin:$PATH; exec unshare -m sh -c 'mount --bind ${sudoers} /etc/sudoers && exec ${real('sudo')} "$@"' sudo "$@"`,
    );
    const [, , , script = ''] = doas['toolArgs'] as readonly string[];
    tool('doas', `exec unshare -m sh -c ${quoted(script.replace('exec doas', `exec ${real('doas')}`))} doas "$@"`);
    const config = shop.program.write(
      'ssh-config',
      `${sshConfig(path.join(rig.folder, 'right'))}Host inner\n  HostName 127.0.0.1\n  Port ${rig.port}\n  User ${host.name}\n  IdentityFile ${rig.folder}/right\n  StrictHostKeyChecking no\n  UserKnownHostsFile /dev/null\n  ProxyCommand ${real('ssh')} -F ${shop.folder}/ssh-config -W 127.0.0.1:${rig.port} bastion\n`,
    );
    tool('ssh', `[ "$1" = -V ] && exec ${real('ssh')} -V; exec ${real('ssh')} -F ${config} "$@"`);
    return shop;
  }

  for (const page of ['docs/become-root.md', 'docs/containers.md', 'docs/bastion.md'])
    test(`${page}: every command does what it says`, async () => {
      using shop = shopWithTools();
      const said = await runPage(shop, page);
      assert.ok(said.length >= 2, 'commands were seen');
      await nothingLeft(shop.folder);
      for (const { command, text } of said) {
        if (command.includes('distribution')) assert.match(text, /resprout-test/, command);
        if (/(sudo|su|doas): who/.test(command)) assert.match(text, /root/, command);
        if (command.includes('inside.ts:user')) assert.match(text, /1000/, command);
        if (command.includes('where.ts')) assert.match(text, /127\.0\.0\.1/, command);
      }
      assert.ok(pageText(page).includes('documents.test.ts'));
    });
});
