# What a line becomes when somebody types it in a shell and presses the tab key. python3 tab-key.py RCFILE LINE SHELL...
# The shell runs RCFILE first. Prints the line as it is then.
import os, pty, re, select, sys, time

rcfile, line, shell = sys.argv[1], sys.argv[2], sys.argv[3:]
pid, fd = pty.fork()
if pid == 0:
    os.execvp(shell[0], shell)

def until(wanted, seconds):
    seen, end = b'', time.time() + seconds
    while not re.search(wanted, seen) and time.time() < end:
        if select.select([fd], [], [], 0.1)[0]:
            try:
                seen += os.read(fd, 65536)
            except OSError:
                break
    return seen

def settle():
    while select.select([fd], [], [], 1.2)[0]:
        os.read(fd, 65536)

# The echo of what is typed holds REA'DY, the answer READY.
os.write(fd, (". %s; echo REA''DY\n" % rcfile).encode())
until(b'READY', 90)
settle()
os.write(fd, line.encode() + b'\t')
settle()
# The line becomes an argument: to its begin, to its end, and it is printed.
os.write(fd, b"\x01printf 'GOT''<%s>\\n' '\x05'\n")
seen = until(b'GOT<[^>]*>', 60)
text = seen.decode(errors='replace')
print(text[text.rindex('GOT<') + 4:text.rindex('>')])
os.close(fd)
