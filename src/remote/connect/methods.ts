// The connection methods. Whatever has to know them reads this list: recipes and their parser, target texts, dial, errors, help.
// What programs call stands beside it in `openers.ts`.
import type { ConnectionMethod } from './method.ts';
import { buildahMethod } from './methods/buildah/buildah.ts';
import { chrootMethod } from './methods/chroot/chroot.ts';
import { doasMethod } from './methods/doas/doas.ts';
import { dockerMethod } from './methods/docker/docker.ts';
import { incusMethod } from './methods/incus/incus.ts';
import { jailMethod } from './methods/jail/jail.ts';
import { kubectlMethod } from './methods/kubectl/kubectl.ts';
import { localMethod } from './methods/local/local.ts';
import { lxcMethod } from './methods/lxc/lxc.ts';
import { lxdMethod } from './methods/lxd/lxd.ts';
import { machinectlMethod } from './methods/machinectl/machinectl.ts';
import { nspawnMethod } from './methods/nspawn/nspawn.ts';
import { podmanMethod } from './methods/podman/podman.ts';
import { sshMethod } from './methods/ssh/ssh.ts';
import { suMethod } from './methods/su/su.ts';
import { sudoMethod } from './methods/sudo/sudo.ts';
import { unixMethod } from './methods/unix/unix.ts';

/** All of them, in the order in which help names them. */
export const METHODS: readonly ConnectionMethod[] = [
  localMethod,
  sshMethod,
  sudoMethod,
  suMethod,
  doasMethod,
  dockerMethod,
  podmanMethod,
  buildahMethod,
  kubectlMethod,
  lxcMethod,
  lxdMethod,
  incusMethod,
  nspawnMethod,
  machinectlMethod,
  jailMethod,
  chrootMethod,
  unixMethod,
];

/** The method of this name; undefined when there is none. */
export function findMethod(name: unknown): ConnectionMethod | undefined {
  return METHODS.find((method) => method.name === name);
}
