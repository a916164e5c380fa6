# Runs a command as the foreground of a pseudo terminal. python3 run-on-terminal.py COLUMNS ROWS COMMAND...
# stdin: one JSON object a line: {"keys": "\u0003"}, {"columns": 40, "rows": 20}, {"hangup": true}. stdout: what the terminal gets,
# and NUL "resized 40" where its size changed.
# Ends as the command does; 128 and the number after a signal.
import fcntl, json, os, pty, select, struct, sys, termios, time

columns, rows, command = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
pid, fd = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack('HHHH', rows, columns, 0, 0))
    os.execvp(command[0], command)

# The end of what is painted at once. The next time follows a tenth of a second later.
PAINTED = b'\x1b[?2026l'

def until_painted(seconds):
    last, end = b'', time.monotonic() + seconds
    while not last.endswith(PAINTED) and time.monotonic() < end:
        if select.select([fd], [], [], 0.01)[0]:
            try:
                piece = os.read(fd, 65536)
            except OSError:
                return
            os.write(1, piece)
            last = (last + piece)[-len(PAINTED):]

pending, is_open, sources = b'', True, [fd, 0]
while is_open:
    ready, _, _ = select.select(sources, [], [])
    if 0 in ready:
        piece = os.read(0, 65536)
        if not piece:
            sources.remove(0)
        pending += piece
        while b'\n' in pending:
            line, pending = pending.split(b'\n', 1)
            order = json.loads(line)
            if 'keys' in order:
                os.write(fd, order['keys'].encode())
            elif 'columns' in order:
                # Not amid a painting: no program can know that its lines are wider by the time they are there.
                until_painted(0.5)
                # What was written before comes before: then the size changes, and whoever looks is told at that place of the stream.
                while select.select([fd], [], [], 0)[0]:
                    os.write(1, os.read(fd, 65536))
                fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack('HHHH', order['rows'], order['columns'], 0, 0))
                os.write(1, b'\0resized %d\n' % order['columns'])
            elif 'hangup' in order:
                os.close(fd)
                is_open = False
    if is_open and fd in ready:
        try:
            piece = os.read(fd, 65536)
        except OSError:
            piece = b''
        if piece:
            os.write(1, piece)
        else:
            is_open = False
_, status = os.waitpid(pid, 0)
code = os.waitstatus_to_exitcode(status)
sys.exit(code if code >= 0 else 128 - code)
