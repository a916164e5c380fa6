import type { PeerCertificate, TLSSocket } from 'node:tls';
import { connectionFacts, type ConnectionFacts } from '../socket/puppet-socket.ts';

/** What is known of an encrypted connection that stands. */
export interface TlsFacts extends ConnectionFacts {
  readonly authorized: boolean;
  readonly authorizationError: Error | string | null;
  readonly alpnProtocol: string | false | null;
  readonly servername: string | false | null;
  readonly protocol: string | null;
  readonly cipher: object | undefined;
  readonly certificate: object;
  readonly peerCertificate: object;
  readonly ephemeralKey: object | null;
  readonly isSessionReused: boolean;
  readonly session: Buffer | undefined;
}

/** A chain of certificates without its circle: the last one signs itself. */
function certificateOf(certificate: PeerCertificate & { readonly issuerCertificate?: PeerCertificate }, depth = 0): object {
  const { issuerCertificate: issuer, ...fields } = certificate;
  const plain = Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === 'object' && value !== null && !ArrayBuffer.isView(value) ? { ...(value as object) } : (value as unknown),
    ]),
  );
  if (issuer === undefined || issuer === certificate || depth > 10) return plain;
  return { ...plain, issuerCertificate: certificateOf(issuer, depth + 1) };
}

const orNothing = <T>(read: () => T): T | undefined => {
  try {
    return read();
  } catch {
    return undefined;
  }
};

/** Of a native socket whose handshake is done. */
export function tlsFacts(native: TLSSocket): TlsFacts {
  const error: unknown = native.authorizationError;
  return {
    ...connectionFacts(native),
    authorized: native.authorized,
    authorizationError: (error ?? null) as Error | string | null,
    alpnProtocol: native.alpnProtocol,
    servername: Reflect.get(native, 'servername') as string | false | null,
    protocol: native.getProtocol(),
    cipher: native.getCipher() as object | undefined,
    certificate: certificateOf((orNothing(() => native.getCertificate()) ?? {}) as PeerCertificate),
    peerCertificate: certificateOf((orNothing(() => native.getPeerCertificate(true)) ?? {}) as PeerCertificate),
    ephemeralKey: (orNothing(() => native.getEphemeralKeyInfo()) ?? null) as object | null,
    isSessionReused: native.isSessionReused(),
    session: native.getSession(),
  };
}
