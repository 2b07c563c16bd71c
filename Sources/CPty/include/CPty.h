#pragma once
/* Tests drive programs in a pseudo-terminal: fork and exec must happen in C. */
#include <sys/types.h>

/* Starts `path` with its own session on a new terminal of that size.
   Returns the process, with the master end in *master; -1 with errno if it fails. */
pid_t mds_pty_spawn(const char *path, char *const argv[], char *const envp[], int rows, int columns, int *master);
/* A terminal of that size: ends[0] the master, ends[1] the terminal itself. 0, or -1 with errno. */
int mds_pty_open(int ends[2], int rows, int columns);
/* Gives the terminal a new size; the program hears of it by SIGWINCH. */
int mds_pty_resize(int master, int rows, int columns);
/* 1 if the process ended by itself, with its status in *code; 2 if a signal (in *code) ended it; 3 if it is stopped by
   the signal in *code; 0 if none of them; -1 if there is no such child. Waits if `blocks`. */
int mds_pty_wait(pid_t process, int blocks, int *code);
