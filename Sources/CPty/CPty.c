#define _GNU_SOURCE
#include "CPty.h"

#include <errno.h>
#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utmp.h>

int mds_pty_open(int ends[2], int rows, int columns) {
  struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns};
  if (openpty(&ends[0], &ends[1], NULL, NULL, &size) != 0) return -1;
  fcntl(ends[0], F_SETFD, FD_CLOEXEC);
  fcntl(ends[1], F_SETFD, FD_CLOEXEC);
  return 0;
}

pid_t mds_pty_spawn(const char *path, char *const argv[], char *const envp[], int rows, int columns, int *master) {
  int ends[2];
  if (mds_pty_open(ends, rows, columns) != 0) return -1;
  pid_t child = fork();
  if (child < 0) {
    int saved = errno;
    close(ends[0]);
    close(ends[1]);
    errno = saved;
    return -1;
  }
  if (child == 0) {
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    for (int number = 1; number < 32; number++) signal(number, SIG_DFL);
    if (login_tty(ends[1]) != 0) _exit(126);
    for (int other = 3; other < 256; other++) close(other);
    execve(path, argv, envp);
    _exit(127);
  }
  close(ends[1]);
  *master = ends[0];
  return child;
}

int mds_pty_resize(int master, int rows, int columns) {
  struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns};
  return ioctl(master, TIOCSWINSZ, &size);
}

int mds_pty_wait(pid_t process, int blocks, int *code) {
  int status = 0;
  pid_t found;
  do {
    found = waitpid(process, &status, WUNTRACED | (blocks ? 0 : WNOHANG));
  } while (found < 0 && errno == EINTR);
  if (found < 0) return -1;
  if (found == 0) return 0;
  if (WIFEXITED(status)) {
    *code = WEXITSTATUS(status);
    return 1;
  }
  *code = WIFSIGNALED(status) ? WTERMSIG(status) : WSTOPSIG(status);
  return WIFSIGNALED(status) ? 2 : 3;
}
