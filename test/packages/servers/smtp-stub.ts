// A mail server for one program: takes every mail and notes its subject.
import net from 'node:net';
import { once } from 'node:events';
import type { Effects } from './effects.ts';
import type { HttpServer } from './http-stub.ts';

function talk(socket: net.Socket, effects: Effects): void {
  let text = '';
  let isData = false;
  socket.setEncoding('utf8');
  socket.on('error', () => undefined);
  socket.write('220 stub ESMTP\r\n');
  socket.on('data', (part: string) => {
    text += part;
    for (;;) {
      const end = text.indexOf(isData ? '\r\n.\r\n' : '\r\n');
      if (end < 0) return;
      const line = text.slice(0, end);
      text = text.slice(end + (isData ? 5 : 2));
      if (isData) {
        isData = false;
        effects.add(`MAIL ${/^Subject: (.*)$/m.exec(line)?.[1]?.trim() ?? ''}`);
        socket.write('250 taken as 1\r\n');
      } else if (/^EHLO/i.test(line)) socket.write('250-stub\r\n250 8BITMIME\r\n');
      else if (/^DATA/i.test(line)) {
        isData = true;
        socket.write('354 go on\r\n');
      } else if (/^QUIT/i.test(line)) socket.end('221 bye\r\n');
      else socket.write('250 ok\r\n');
    }
  });
}

/** Starts one on a free port. */
export async function startSmtp(effects: Effects): Promise<HttpServer> {
  const server = net.createServer((socket) => {
    socket.unref();
    talk(socket, effects);
  });
  server.unref().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return { port: address.port, close: () => server.close() };
}
