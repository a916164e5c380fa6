import { ResproutError } from '../../../../base/errors/errors.ts';

const CURES: Readonly<Record<string, string>> = {
  ALPNCallback: 'Name the protocols in ALPNProtocols',
  SNICallback: 'Let tls.createServer take the connections',
};

/** Functions whose answer OpenSSL wants at once, amid a handshake that goes on outside. */
export const SYNCHRONOUS = ['ALPNCallback', 'pskCallback'] as const;

/** @param names options that must not be functions. @throws ResproutError PACKAGE_NEEDS_BOUNDARY */
export function refuseQuestions(options: object, names: readonly string[]): void {
  for (const name of names)
    if (typeof Reflect.get(options, name) === 'function')
      throw new ResproutError('PACKAGE_NEEDS_BOUNDARY', `${name} was given, and the handshake that would call it happens outside`, {
        tried: `tls with ${name}`,
        do: CURES[name] ?? 'Put what talks over this connection into an activity()',
      });
}
