// The far end of support/echo.ts: `node echo-child.ts echo|swallow TOTAL`, the socketpair is fd 3.
import { Socket } from 'node:net';

const [mode, total] = process.argv.slice(2);
const socket = new Socket({ fd: 3 });
let received = 0;
socket.on('data', (bytes) => {
  if (mode === 'echo') {
    socket.write(bytes);
    return;
  }
  received += bytes.length;
  if (received < Number(total)) return;
  received -= Number(total);
  socket.write('.');
});
