# Runs a command whose terminal goes away without SIGHUP: it is not the one that controls it. python3 terminal-goes.py TEXT COMMAND...
import os, pty, sys
text, command = sys.argv[1].encode(), sys.argv[2:]
ours, theirs = pty.openpty()
pid = os.fork()
if pid == 0:
    os.setsid()
    for fd in (0, 1, 2):
        os.dup2(theirs, fd)
    os.closerange(3, 256)
    os.execvp(command[0], command)
os.close(theirs)
seen = b''
while text not in seen:
    seen += os.read(ours, 65536)
os.close(ours)
_, status = os.waitpid(pid, 0)
print(os.waitstatus_to_exitcode(status))
