// Preloaded into a process (LD_PRELOAD): notes every change that it makes to files below one folder, and can make one of them fail.
//
//   SHIM_FOLDER  absolute path of the folder, without a slash at its end
//   SHIM_LOG     file that the notes are appended to
//   SHIM_FAIL    "OP NTH ERRNO SUFFIX": the NTH call of OP (fsync or write) on a file whose name ends with SUFFIX fails with ERRNO
//                and does nothing; with a plus after NTH all calls from there on fail. Counting begins after the first acknowledgement
//                when NTH begins with a letter a. OP commit: the first write to such a file after NTH - 1 syncs of it fails. The program may
//                set it anew while it runs: counting begins again. OP grow: the NTH writev, and OP grow-sync: the NTH
//                fdatasync, which only what grows a log ahead calls.
//
// One note: "OP NAME OFFSET LENGTH\n" and LENGTH bytes. OP: W written, T truncated to OFFSET, S synced, U unlinked, R renamed (the bytes
// are the new name), A an acknowledgement of the program: it writes lines that begin with A to its standard output. Calls of several threads
// are noted in the order in which they happened: each one and its note are one.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <pthread.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static int log_fd = -1;
static char folder[512];
static char fail_op[16], fail_suffix[128];
static char fail_text[256];
static long fail_nth, fail_seen, syncs_seen;
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static int fail_errno, fail_onwards, fail_after_ack, acknowledged;

#define REAL(name) \
  static __typeof__(&name) real_##name; \
  if (!real_##name) real_##name = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

__attribute__((constructor)) static void begin(void) {
  const char *at = getenv("SHIM_FOLDER"), *log = getenv("SHIM_LOG");
  if (!at) return;
  snprintf(folder, sizeof folder, "%s/", at);
  if (log) log_fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

/** Takes what is to fail from the environment, when that has changed. */
static void arm(void) {
  const char *fail = getenv("SHIM_FAIL");
  if (!fail) fail = "";
  if (!strncmp(fail, fail_text, sizeof fail_text - 1)) return;
  snprintf(fail_text, sizeof fail_text, "%s", fail);
  fail_nth = fail_seen = syncs_seen = 0;
  char nth[32];
  if (sscanf(fail, "%15s %31s %d %127s", fail_op, nth, &fail_errno, fail_suffix) != 4) return;
  fail_after_ack = nth[0] == 'a';
  fail_nth = atol(nth + fail_after_ack);
  fail_onwards = strchr(nth, '+') != NULL;
}

/** Name of an open file below the folder; NULL for every other one, and for one that was removed. */
static const char *name_of(int fd, char *path, size_t size) {
  char link[64];
  if (!folder[0]) return NULL;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, size - 1);
  if (length <= 0) return NULL;
  path[length] = 0;
  static const char removed[] = " (deleted)";
  if (length >= (ssize_t)sizeof removed && !strcmp(path + length - (sizeof removed - 1), removed)) return NULL;
  return strncmp(path, folder, strlen(folder)) ? NULL : path + strlen(folder);
}

static void note(char op, const char *name, unsigned long offset, const void *bytes, unsigned long length) {
  REAL(write);
  if (log_fd < 0) return;
  char head[700];
  int size = snprintf(head, sizeof head, "%c %s %lu %lu\n", op, name, offset, length);
  char *whole = malloc(size + length);
  if (!whole) abort();
  memcpy(whole, head, size);
  if (length) memcpy(whole + size, bytes, length);
  if (real_write(log_fd, whole, size + length) != (ssize_t)(size + length)) abort();
  free(whole);
}

static int must_fail(const char *op, const char *name) {
  arm();
  if (!fail_nth || (fail_after_ack && !acknowledged)) return 0;
  size_t length = strlen(name), suffix = strlen(fail_suffix);
  if (length < suffix || strcmp(name + length - suffix, fail_suffix)) return 0;
  if (!strcmp(fail_op, "commit")) {
    if (!strncmp(op, "grow", 4)) return 0;
    if (!strcmp(op, "fsync")) return syncs_seen++, 0;
    if (syncs_seen != fail_nth - 1 || fail_seen++) return 0;
    errno = fail_errno;
    return 1;
  }
  if (strcmp(op, fail_op)) return 0;
  long seen = ++fail_seen;
  if (seen != fail_nth && !(fail_onwards && seen > fail_nth)) return 0;
  errno = fail_errno;
  return 1;
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t offset) {
  REAL(pwrite64);
  char path[1024];
  const char *name = name_of(fd, path, sizeof path);
  if (!name) return real_pwrite64(fd, bytes, count, offset);
  pthread_mutex_lock(&turn);
  ssize_t result = must_fail("write", name) ? -1 : real_pwrite64(fd, bytes, count, offset);
  if (result > 0) note('W', name, offset, bytes, result);
  pthread_mutex_unlock(&turn);
  return result;
}

/** What was written where the descriptor stood, or at the end of the file when it appends. */
static void note_at_position(int fd, const char *name, const void *bytes, ssize_t result) {
  off_t end = lseek(fd, 0, SEEK_CUR);
  if (result > 0 && end >= result) note('W', name, end - result, bytes, result);
}

ssize_t write(int fd, const void *bytes, size_t count) {
  REAL(write);
  char path[1024];
  if (fd == 1 && count > 1 && ((const char *)bytes)[0] == 'A') {
    ssize_t result = real_write(fd, bytes, count);
    pthread_mutex_lock(&turn);
    acknowledged = 1;
    note('A', "-", 0, bytes, count);
    pthread_mutex_unlock(&turn);
    return result;
  }
  const char *name = fd > 2 ? name_of(fd, path, sizeof path) : NULL;
  if (!name) return real_write(fd, bytes, count);
  pthread_mutex_lock(&turn);
  ssize_t result = must_fail("write", name) ? -1 : real_write(fd, bytes, count);
  note_at_position(fd, name, bytes, result);
  pthread_mutex_unlock(&turn);
  return result;
}

ssize_t writev(int fd, const struct iovec *pieces, int count) {
  REAL(writev);
  char path[1024];
  const char *name = fd > 2 ? name_of(fd, path, sizeof path) : NULL;
  if (!name) return real_writev(fd, pieces, count);
  size_t total = 0, at = 0;
  for (int piece = 0; piece < count; piece++) total += pieces[piece].iov_len;
  char *whole = malloc(total);
  if (!whole) abort();
  for (int piece = 0; piece < count; at += pieces[piece++].iov_len) memcpy(whole + at, pieces[piece].iov_base, pieces[piece].iov_len);
  pthread_mutex_lock(&turn);
  ssize_t result = must_fail("grow", name) ? -1 : real_writev(fd, pieces, count);
  note_at_position(fd, name, whole, result);
  pthread_mutex_unlock(&turn);
  free(whole);
  return result;
}

static int synced(int fd, int (*real)(int), const char *op) {
  char path[1024];
  const char *name = name_of(fd, path, sizeof path);
  if (!name) return real(fd);
  pthread_mutex_lock(&turn);
  int result = must_fail(op, name) ? -1 : real(fd);
  if (result == 0) note('S', name, 0, NULL, 0);
  pthread_mutex_unlock(&turn);
  return result;
}

int fsync(int fd) {
  REAL(fsync);
  return synced(fd, real_fsync, "fsync");
}

int fdatasync(int fd) {
  REAL(fdatasync);
  return synced(fd, real_fdatasync, "grow-sync");
}

int ftruncate64(int fd, off64_t size) {
  REAL(ftruncate64);
  char path[1024];
  const char *name = name_of(fd, path, sizeof path);
  if (!name) return real_ftruncate64(fd, size);
  pthread_mutex_lock(&turn);
  int result = real_ftruncate64(fd, size);
  if (result == 0) note('T', name, size, NULL, 0);
  pthread_mutex_unlock(&turn);
  return result;
}

int unlink(const char *path) {
  REAL(unlink);
  int result = real_unlink(path);
  if (folder[0] && result == 0 && !strncmp(path, folder, strlen(folder))) note('U', path + strlen(folder), 0, NULL, 0);
  return result;
}

int rename(const char *from, const char *to) {
  REAL(rename);
  int result = real_rename(from, to);
  size_t length = strlen(folder);
  if (folder[0] && result == 0 && !strncmp(from, folder, length) && !strncmp(to, folder, length))
    note('R', from + length, 0, to + length, strlen(to + length));
  return result;
}
