// What may stand in a recipe. A target is a name, never a command: ssh hands host and user to ProxyCommand and Match exec, so that
// characters of a shell in them are refused here, whatever ssh itself does about them.
import { LIMITS } from '../../wire/limits.ts';

/** A host name, an alias, an IPv4 or an IPv6 address (with a zone after %). */
export function isHost(text: string): boolean {
  return /^[A-Za-z0-9._:%][A-Za-z0-9._:%-]{0,254}$/.test(text);
}

/** A user name of the far side. */
export function isUser(text: string): boolean {
  return /^[A-Za-z0-9._+@][A-Za-z0-9._+@-]{0,63}$/.test(text);
}

/** A container, pod, machine, namespace or project, by the names that their tools give. */
export function isInstance(text: string): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9._:/-]{0,252}$/.test(text);
}

/** A text as part of the name of a context. */
export function asContextName(text: string): string {
  return text
    .replaceAll(/[^A-Za-z0-9._:@%-]+/g, '.')
    .replace(/^[.-]+/, '')
    .slice(0, 100);
}

/** The name of a context. */
export function isContextName(text: string): boolean {
  return text.length <= LIMITS.contextNameChars && /^[A-Za-z0-9._:@%][A-Za-z0-9._:@%-]*$/.test(text);
}

export function isPort(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 65_535;
}

/** A path or word that survives every shell on the way inside single quotes: no control characters, quotes of our own, `\` or `!`. */
export function isShellWord(text: string): boolean {
  // oxlint-disable-next-line no-control-regex -- control characters are what is refused
  return text.length > 0 && text.length <= 1024 && !text.startsWith('-') && !/[\u0000-\u001f\u007f'\\!]/.test(text);
}

/** The name of an environment variable. */
export function isVariable(text: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]{0,255}$/.test(text);
}

/** The fingerprint of a host key as OpenSSH shows it. */
export function isFingerprint(text: string): boolean {
  return /^(SHA256:[A-Za-z0-9+/]{43}=?|MD5(:[0-9a-f]{2}){16})$/.test(text);
}

/** For messages: what is allowed. */
export const ALLOWED: Readonly<Record<'host' | 'user' | 'name' | 'port' | 'node' | 'instance', string>> = {
  host: 'letters, digits and . _ : % -, not beginning with -',
  user: 'letters, digits and . _ + @ -, not beginning with -',
  instance: 'letters, digits and . _ : / -, not beginning with . : / or -',
  name: `at most ${LIMITS.contextNameChars} letters, digits and . _ : @ % -, not beginning with -`,
  port: 'a number from 1 to 65535',
  node: 'a path or command without control characters, single quotes, backslashes and exclamation marks, not beginning with -',
};
