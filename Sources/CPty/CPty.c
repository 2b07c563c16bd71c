#define _GNU_SOURCE
#include "CPty.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utmp.h>

struct event {
  int kind;
  int code;
};

int mds_pty_open(int ends[2], int rows, int columns) {
  struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns};
  if (openpty(&ends[0], &ends[1], NULL, NULL, &size) != 0) return -1;
  fcntl(ends[0], F_SETFD, FD_CLOEXEC);
  fcntl(ends[1], F_SETFD, FD_CLOEXEC);
  return 0;
}

static void report(int events, int kind, int code) {
  struct event event = {kind, code};
  while (write(events, &event, sizeof event) < 0 && errno == EINTR) {
  }
}

/* The session's leader: starts the program in a group of its own and tells what becomes of it. */
static void lead(const char *path, char *const argv[], char *const envp[], int terminal, int events) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  for (int number = 1; number < 32; number++) signal(number, SIG_DFL);
  if (login_tty(terminal) != 0) _exit(126);
  /* All of them: who held the other end of this terminal as well, however high its number, would keep the line from being
     cut. */
  if (events > 3) close_range(3, (unsigned)events - 1, 0);
  close_range((unsigned)events + 1, ~0U, 0);
  signal(SIGTTOU, SIG_IGN);
  pid_t program = fork();
  if (program == 0) {
    setpgid(0, 0);
    tcsetpgrp(STDIN_FILENO, getpid());
    signal(SIGTTOU, SIG_DFL);
    close(events);
    execve(path, argv, envp);
    _exit(127);
  }
  if (program < 0) _exit(126);
  setpgid(program, program);
  tcsetpgrp(STDIN_FILENO, program);
  report(events, 0, program);
  /* The line is cut: the program hears of it, this process must live to tell how it ended. */
  signal(SIGHUP, SIG_IGN);
  while (1) {
    int status = 0;
    if (waitpid(program, &status, WUNTRACED) < 0) {
      if (errno == EINTR) continue;
      _exit(0);
    }
    if (WIFSTOPPED(status)) {
      report(events, 3, WSTOPSIG(status));
      continue;
    }
    if (WIFEXITED(status)) report(events, 1, WEXITSTATUS(status));
    if (WIFSIGNALED(status)) report(events, 2, WTERMSIG(status));
    _exit(0);
  }
}

int mds_pty_spawn(
    const char *path, char *const argv[], char *const envp[], int rows, int columns, struct mds_pty *result) {
  int ends[2], events[2];
  if (mds_pty_open(ends, rows, columns) != 0) return -1;
  if (pipe2(events, O_CLOEXEC) != 0) {
    close(ends[0]);
    close(ends[1]);
    return -1;
  }
  pid_t leader = fork();
  if (leader == 0) lead(path, argv, envp, ends[1], events[1]);
  int saved = errno;
  close(ends[1]);
  close(events[1]);
  struct event first;
  if (leader < 0 || read(events[0], &first, sizeof first) != sizeof first) {
    close(ends[0]);
    close(events[0]);
    if (leader > 0) waitpid(leader, NULL, 0);
    errno = saved;
    return -1;
  }
  result->master = ends[0];
  result->events = events[0];
  result->leader = leader;
  result->program = first.code;
  return 0;
}

int mds_pty_next(const struct mds_pty *pty, int milliseconds, int *code) {
  struct pollfd wait = {.fd = pty->events, .events = POLLIN};
  int ready = poll(&wait, 1, milliseconds);
  if (ready <= 0) return 0;
  struct event event;
  if (read(pty->events, &event, sizeof event) != sizeof event) return -1;
  *code = event.code;
  return event.kind;
}

void mds_pty_end(const struct mds_pty *pty) {
  int code = 0, kind;
  /* Until the leader has told of the end, the number is the program's and nobody else's. */
  do {
    kill(pty->program, SIGKILL);
    kind = mds_pty_next(pty, -1, &code);
  } while (kind == 3);
  while (waitpid(pty->leader, NULL, 0) < 0 && errno == EINTR) {
  }
  close(pty->events);
}

int mds_pty_resize(int master, int rows, int columns) {
  struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns};
  return ioctl(master, TIOCSWINSZ, &size);
}
