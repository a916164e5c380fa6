// A terminal without a native add-on: a small program of perl or python3, which most systems have, opens one, runs the command on it, and
// passes bytes between it and pipes. Descriptor 0: what is typed; 1: what is shown; 3: sizes, `ROWS COLUMNS` a line, and its end is the
// end of all. The command leads a session of its own and is hung up when the relay ends. The relay ends with its exit code, 128 and the
// number of the signal when one ended it.

/** Linux only: the numbers are those of its ioctls. */
const PERL = String.raw`
use POSIX ();
my ($rows, $columns) = splice @ARGV, 0, 2;
my ($size, $unlock, $number, $control) = (0x5414, 0x40045431, 0x80045430, 0x540E);
sysopen M, "/dev/ptmx", POSIX::O_RDWR | POSIX::O_NOCTTY or die "no terminal: $!\n";
my $n = pack "i", 0;
ioctl M, $unlock, $n or die "no terminal: $!\n";
ioctl M, $number, $n or die "no terminal: $!\n";
sysopen S, "/dev/pts/" . unpack("i", $n), POSIX::O_RDWR | POSIX::O_NOCTTY or die "no terminal: $!\n";
ioctl M, $size, pack "S4", $rows, $columns, 0, 0;
my $child = fork;
defined $child or die "no process: $!\n";
if (!$child) {
  POSIX::setsid();
  my $zero = 0;
  ioctl S, $control, $zero;
  POSIX::dup2(fileno S, $_) for 0, 1, 2;
  POSIX::close($_) for 3 .. 9;
  exec { $ARGV[0] } @ARGV or print STDERR "$ARGV[0]: $!\n";
  POSIX::_exit($!{ENOENT} ? 127 : 126);
}
close S;
$SIG{PIPE} = "IGNORE";
open C, "<&=", 3 or die "no sizes: $!\n";
my ($typed, $sizes, $in, $done) = ("", "", 1);
my $flags = fcntl M, POSIX::F_GETFL, 0;
fcntl M, POSIX::F_SETFL, $flags | POSIX::O_NONBLOCK;
while (1) {
  my ($r, $w) = ("", "");
  vec($r, 0, 1) = 1 if $in && length $typed < 65536;
  vec($r, 3, 1) = 1;
  vec($r, fileno M, 1) = 1;
  vec($w, fileno M, 1) = 1 if length $typed;
  my $ready = select $r, $w, undef, defined $done ? 0.2 : 0.5;
  if (!defined $done && waitpid($child, POSIX::WNOHANG) == $child) { $done = $?; }
  last if defined $done && $ready <= 0;
  next if $ready <= 0;
  if (vec $r, fileno M, 1) {
    my $got = sysread M, my $bytes, 65536;
    if (!defined $got && !$!{EAGAIN} && !$!{EINTR} || defined $got && $got == 0) {
      if (!defined $done) { waitpid $child, 0; $done = $?; }
      last;
    }
    for (my $at = 0; defined $got && $at < $got;) {
      my $put = syswrite STDOUT, $bytes, $got - $at, $at;
      exit 129 if !defined $put && !$!{EINTR};
      $at += $put || 0;
    }
  }
  if (vec $r, 3, 1) {
    my $got = sysread C, $sizes, 4096, length $sizes;
    if (!$got) { kill "HUP", -$child; exit 129; }
    while ($sizes =~ s/^(\d+) (\d+)\n//) { ioctl M, $size, pack "S4", $1, $2, 0, 0; }
  }
  if ($in && vec $r, 0, 1) {
    my $got = sysread STDIN, $typed, 65536, length $typed;
    if (!$got) { $in = 0; $typed .= "\x04"; }
  }
  if (length $typed && vec $w, fileno M, 1) {
    my $put = syswrite M, $typed, 4096;
    substr($typed, 0, $put) = "" if $put;
  }
}
exit($done & 127 ? 128 + ($done & 127) : $done >> 8);
`;

const PYTHON = String.raw`
import errno, fcntl, os, pty, select, signal, struct, sys, termios
rows, columns, argv = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
def resize(rows, columns):
    fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
master, slave = pty.openpty()
resize(rows, columns)
child = os.fork()
if child == 0:
    os.setsid()
    fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
    for fd in (0, 1, 2):
        os.dup2(slave, fd)
    os.closerange(3, 256)
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    try:
        os.execvp(argv[0], argv)
    except OSError as e:
        os.write(2, (argv[0] + ": " + os.strerror(e.errno) + "\n").encode())
        os._exit(127 if e.errno == errno.ENOENT else 126)
os.close(slave)
os.set_blocking(master, False)
typed, sizes, reads, done = b"", b"", True, None
def wait(flags):
    global done
    if done is None:
        pid, status = os.waitpid(child, flags)
        if pid == child:
            done = status
while True:
    r, w, _ = select.select([3, master] + ([0] if reads and len(typed) < 65536 else []), [master] if typed else [], [], 0.5 if done is None else 0.2)
    wait(os.WNOHANG)
    if not r and not w:
        if done is not None:
            break
        continue
    if master in r:
        try:
            got = os.read(master, 65536)
        except BlockingIOError:
            got = None
        except OSError:
            got = b""
        if got == b"":
            wait(0)
            break
        while got:
            try:
                got = got[os.write(1, got):]
            except OSError:
                sys.exit(129)
    if 3 in r:
        got = os.read(3, 4096)
        if not got:
            try:
                os.killpg(child, signal.SIGHUP)
            except OSError:
                pass
            sys.exit(129)
        *lines, sizes = (sizes + got).split(b"\n")
        for line in lines:
            resize(*map(int, line.split()))
    if 0 in r:
        got = os.read(0, 65536)
        if not got:
            reads, got = False, b"\x04"
        typed += got
    if master in w:
        try:
            typed = typed[os.write(master, typed[:4096]):]
        except OSError:
            pass
sys.exit(128 + os.WTERMSIG(done) if os.WIFSIGNALED(done) else os.WEXITSTATUS(done))
`;

/** A program that makes a terminal. */
export interface Relay {
  readonly file: string;
  /** Arguments before `ROWS COLUMNS COMMAND…`. */
  readonly args: readonly string[];
}

/** Those that may be there, in the order in which they are tried. */
export function relays(platform: string): readonly Relay[] {
  const python = { file: 'python3', args: ['-c', PYTHON] };
  return platform === 'linux' ? [{ file: 'perl', args: ['-e', PERL, '--'] }, python] : [python];
}
