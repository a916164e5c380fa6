// Loaded into every program of a mount namespace (by its /etc/ld.so.preload): counts the calls that change files, those of all
// processes together, and at one of them does what the plan says.
//
// The file "plan" beside this library is the plan, shared by all processes:
//   u64 count   calls so far
//   u64 nth     the call that something happens at, from 1; 0: none
//   u32 action  0 nothing, 1 SIGKILL for every process that has this library, 2 SIGKILL for the caller, 3 the call fails
//   u32 error   errno of action 3
//   u32 struck  1 when it has happened
//   u32 note    1: the file "calls" beside it gets a line for every call: NUMBER PROCESS OP PATH
//   u32 used    how many of the next are used
//   u32 known   numbers of the processes that have this library
// What it happens at is not done: a program that is killed at call N has done N - 1 of them.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

struct plan {
  uint64_t count, nth;
  uint32_t action, error, struck, note, used, known[4096];
};

static struct plan *plan;
static int notes = -1;

#define REAL(name) \
  static __typeof__(&name) real_##name; \
  if (!real_##name) real_##name = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

static void join(void) {
  uint32_t at = __atomic_fetch_add(&plan->used, 1, __ATOMIC_SEQ_CST);
  if (at < sizeof plan->known / sizeof *plan->known) plan->known[at] = (uint32_t)getpid();
  // One that was being started while all others were killed.
  if (plan->struck && plan->action == 1) syscall(SYS_kill, getpid(), SIGKILL);
}

static void kill_all(void) {
  pid_t self = getpid();
  for (uint32_t i = 0; i < plan->used && i < sizeof plan->known / sizeof *plan->known; i++)
    if (plan->known[i] && (pid_t)plan->known[i] != self) kill((pid_t)plan->known[i], SIGKILL);
  syscall(SYS_kill, self, SIGKILL);
}

__attribute__((constructor)) static void begin(void) {
  Dl_info self;
  char at[1024];
  if (!dladdr((void *)&begin, &self)) return;
  const char *end = strrchr(self.dli_fname, '/');
  if (!end) return;
  snprintf(at, sizeof at, "%.*s/plan", (int)(end - self.dli_fname), self.dli_fname);
  int fd = (int)syscall(SYS_openat, AT_FDCWD, at, O_RDWR | O_CLOEXEC);
  if (fd < 0) return;
  void *mapped = mmap(NULL, sizeof(struct plan), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  close(fd);
  if (mapped == MAP_FAILED) return;
  plan = mapped;
  join();
  pthread_atfork(NULL, NULL, join);
  if (!plan->note) return;
  snprintf(at, sizeof at, "%.*s/calls", (int)(end - self.dli_fname), self.dli_fname);
  fd = (int)syscall(SYS_openat, AT_FDCWD, at, O_WRONLY | O_APPEND | O_CLOEXEC);
  // Out of the way of programs that count on low numbers.
  if (fd >= 0) notes = fcntl(fd, F_DUPFD_CLOEXEC, 500), close(fd);
}

// 0, or the errno that the call is to fail with.
static int strike(const char *op, int fd, const char *path) {
  if (!plan) return 0;
  uint64_t n = __atomic_add_fetch(&plan->count, 1, __ATOMIC_SEQ_CST);
  if (notes >= 0) {
    char named[1024] = "", link[64], line[1400];
    if (!path) {
      snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
      if (readlink(link, named, sizeof named - 1) < 0) named[0] = 0;
      path = named;
    }
    int length = snprintf(line, sizeof line, "%llu %d %s %s\n", (unsigned long long)n, getpid(), op, path);
    if (syscall(SYS_write, notes, line, (size_t)length) < 0) return 0;
  }
  if (n != plan->nth) return 0;
  plan->struck = 1;
  if (plan->action == 1) kill_all();
  if (plan->action == 2) syscall(SYS_kill, getpid(), SIGKILL);
  return plan->action == 3 ? (int)plan->error : 0;
}

static int is_device(const char *path) { return !strncmp(path, "/dev/", 5) || !strncmp(path, "/proc/", 6); }

static int strike_path(const char *op, const char *path) { return is_device(path) ? 0 : strike(op, -1, path); }

// Only files: what goes to pipes, sockets and terminals changes none.
static int strike_fd(const char *op, int fd) {
  struct stat status;
  int before = errno;
  if (fstat(fd, &status) != 0 || (!S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode))) {
    errno = before;
    return 0;
  }
  return strike(op, fd, NULL);
}

#define FAILS(expression) \
  do { \
    int error_ = (expression); \
    if (error_) { \
      errno = error_; \
      return -1; \
    } \
  } while (0)

#define OPEN(name, before, first, ...) \
  int name(before const char *path, int flags, ...) { \
    REAL(name); \
    mode_t mode = 0; \
    if (flags & (O_CREAT | O_TMPFILE)) { \
      va_list rest; \
      va_start(rest, flags); \
      mode = va_arg(rest, mode_t); \
      va_end(rest); \
    } \
    if (flags & (O_CREAT | O_TRUNC)) FAILS(strike_path("open", path)); \
    return real_##name(first path, flags, mode); \
  }
#define COMMA ,
OPEN(open, , )
OPEN(open64, , )
OPEN(openat, int dir COMMA, dir COMMA)
OPEN(openat64, int dir COMMA, dir COMMA)

#define CALL(name, parameters, arguments, check) \
  int name parameters { \
    REAL(name); \
    FAILS(check); \
    return real_##name arguments; \
  }
#define SIZED(name, parameters, arguments, check) \
  ssize_t name parameters { \
    REAL(name); \
    FAILS(check); \
    return real_##name arguments; \
  }

CALL(mkdir, (const char *path, mode_t mode), (path, mode), strike_path("mkdir", path))
CALL(mkdirat, (int dir, const char *path, mode_t mode), (dir, path, mode), strike_path("mkdir", path))
CALL(rename, (const char *from, const char *to), (from, to), strike_path("rename", to))
CALL(renameat, (int a, const char *from, int b, const char *to), (a, from, b, to), strike_path("rename", to))
CALL(renameat2, (int a, const char *from, int b, const char *to, unsigned flags), (a, from, b, to, flags), strike_path("rename", to))
CALL(link, (const char *from, const char *to), (from, to), strike_path("link", to))
CALL(linkat, (int a, const char *from, int b, const char *to, int flags), (a, from, b, to, flags), strike_path("link", to))
CALL(symlink, (const char *from, const char *to), (from, to), strike_path("symlink", to))
CALL(symlinkat, (const char *from, int dir, const char *to), (from, dir, to), strike_path("symlink", to))
CALL(unlink, (const char *path), (path), strike_path("unlink", path))
CALL(unlinkat, (int dir, const char *path, int flags), (dir, path, flags), strike_path("unlink", path))
CALL(rmdir, (const char *path), (path), strike_path("rmdir", path))
CALL(chmod, (const char *path, mode_t mode), (path, mode), strike_path("chmod", path))
CALL(fchmodat, (int dir, const char *path, mode_t mode, int flags), (dir, path, mode, flags), strike_path("chmod", path))
CALL(fchmod, (int fd, mode_t mode), (fd, mode), strike_fd("chmod", fd))
CALL(truncate, (const char *path, off_t length), (path, length), strike_path("truncate", path))
CALL(truncate64, (const char *path, off64_t length), (path, length), strike_path("truncate", path))
CALL(ftruncate, (int fd, off_t length), (fd, length), strike_fd("truncate", fd))
CALL(ftruncate64, (int fd, off64_t length), (fd, length), strike_fd("truncate", fd))
CALL(fsync, (int fd), (fd), strike_fd("sync", fd))
CALL(fdatasync, (int fd), (fd), strike_fd("sync", fd))
SIZED(write, (int fd, const void *bytes, size_t length), (fd, bytes, length), strike_fd("write", fd))
SIZED(pwrite, (int fd, const void *bytes, size_t length, off_t at), (fd, bytes, length, at), strike_fd("write", fd))
SIZED(pwrite64, (int fd, const void *bytes, size_t length, off64_t at), (fd, bytes, length, at), strike_fd("write", fd))
SIZED(writev, (int fd, const struct iovec *parts, int count), (fd, parts, count), strike_fd("write", fd))
SIZED(pwritev, (int fd, const struct iovec *parts, int count, off_t at), (fd, parts, count, at), strike_fd("write", fd))
SIZED(pwritev64, (int fd, const struct iovec *parts, int count, off64_t at), (fd, parts, count, at), strike_fd("write", fd))
SIZED(copy_file_range, (int from, off64_t *a, int to, off64_t *b, size_t length, unsigned flags), (from, a, to, b, length, flags),
      strike_fd("write", to))
SIZED(sendfile, (int to, int from, off_t *at, size_t length), (to, from, at, length), strike_fd("write", to))
SIZED(sendfile64, (int to, int from, off64_t *at, size_t length), (to, from, at, length), strike_fd("write", to))
