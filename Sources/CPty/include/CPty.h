#pragma once
/* Tests drive programs in a pseudo-terminal: fork and exec must happen in C. */
#include <sys/types.h>

/* A terminal of that size: ends[0] the master, ends[1] the terminal itself. 0, or -1 with errno. */
int mds_pty_open(int ends[2], int rows, int columns);

struct mds_pty {
  /* The master end of the program's terminal. */
  int master;
  /* Readable when the program stopped or ended. */
  int events;
  /* Leads the session, as a shell does, and waits for the program: without it the kernel would not stop the program. */
  pid_t leader;
  pid_t program;
};

/* Starts `path` in the foreground of a new terminal of that size. 0, or -1 with errno. */
int mds_pty_spawn(
    const char *path, char *const argv[], char *const envp[], int rows, int columns, struct mds_pty *result);
/* What the program did next: 1 it ended with status *code; 2 signal *code ended it; 3 signal *code stopped it; 0 nothing
   within so many milliseconds; -1 nothing more will come. */
int mds_pty_next(const struct mds_pty *pty, int milliseconds, int *code);
/* Kills the program if it lives, and frees all but `master`. */
void mds_pty_end(const struct mds_pty *pty);
/* Gives the terminal a new size; the program hears of it by SIGWINCH. */
int mds_pty_resize(int master, int rows, int columns);
