#define _GNU_SOURCE
#include "CNcurses.h"

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

static struct termios modes;
static int output_end = STDOUT_FILENO, input_end = STDIN_FILENO;
static FILE *streams[2];
/* Where a frame is gathered; -1 where it cannot be. */
static int held = -1;

int mds_find_terminal(const char *name, int output) {
  int found = 0;
  setupterm(name, output, &found);
  return found;
}

int mds_can_move(void) {
  const char *move = tigetstr("cup");
  return move != NULL && move != (const char *)-1 && tigetflag("hc") <= 0;
}

const char *mds_codeset(void) { return nl_langinfo(CODESET); }

int mds_cells(wchar_t character) { return wcwidth(character); }

int mds_put(int row, int column, const wchar_t *text, attr_t attributes, int pair) {
  cchar_t cell;
  if (setcchar(&cell, text, attributes, 0, &pair) == ERR) return ERR;
  return mvadd_wch(row, column, &cell);
}

/* What gives the terminal back, made while all is well: a signal handler may not ask terminfo. */
static char restore[512];
static volatile sig_atomic_t restore_length;
/* Faults of the program, which happen again where nothing was done about them, and then what ends a program that does not
   know it. */
static const int crashes[] = {SIGSEGV, SIGBUS,  SIGILL,  SIGTRAP,   SIGFPE,  SIGABRT,   SIGSYS,
                              SIGXCPU, SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGSTKFLT, SIGPOLL, SIGPWR};
enum { fault_count = 5 };
enum { crash_count = sizeof crashes / sizeof *crashes };
static struct sigaction before[crash_count];

SCREEN *mds_open(const char *name, int output, int input) {
  output_end = output;
  input_end = input;
  /* What the shell left is what it gets back. */
  tcgetattr(input, &modes);
  streams[0] = fdopen(fcntl(output, F_DUPFD_CLOEXEC, 3), "w");
  streams[1] = fdopen(fcntl(input, F_DUPFD_CLOEXEC, 3), "r");
  held = memfd_create("frame", MFD_CLOEXEC);
  return streams[0] && streams[1] ? newterm(name, streams[0], streams[1]) : NULL;
}

void mds_hold(void) {
  if (held >= 0) dup3(held, fileno(streams[0]), O_CLOEXEC);
}

static int stands(const char *text, const char *bytes, size_t length) {
  size_t size = strlen(text);
  return length >= size && memcmp(bytes, text, size) == 0;
}

/* What ncurses writes and no terminal needs. It chooses the character set at each change of attributes: nothing here is
   drawn in another one, so once a frame is enough. It also takes a colour back before it takes all attributes back, its
   colour with them. */
static size_t lean(char *bytes, size_t length, int *is_chosen) {
  static const char ascii_set[] = "\033(B", line_set[] = "\033(0", no_colour[] = "\033[39m";
  size_t kept = 0;
  if (memmem(bytes, length, line_set, sizeof line_set - 1)) return length;
  for (size_t place = 0; place < length;) {
    size_t left = length - place;
    if (stands(ascii_set, bytes + place, left)) {
      if (*is_chosen) {
        place += sizeof ascii_set - 1;
        continue;
      }
      *is_chosen = 1;
    } else if (stands(no_colour, bytes + place, left)) {
      size_t next = place + sizeof no_colour - 1;
      if (stands(ascii_set, bytes + next, length - next)) next += sizeof ascii_set - 1;
      if (stands("\033[m", bytes + next, length - next) || stands("\033[0;", bytes + next, length - next)) {
        place += sizeof no_colour - 1;
        continue;
      }
    }
    bytes[kept++] = bytes[place++];
  }
  return kept;
}

static int write_all(const char *bytes, size_t length) {
  while (length > 0) {
    ssize_t count = write(output_end, bytes, length);
    if (count < 0 && errno != EINTR) return 0;
    if (count > 0) {
      bytes += count;
      length -= (size_t)count;
    }
  }
  return 1;
}

size_t mds_let_go(void) {
  static char bytes[65536];
  if (held < 0) return 0;
  size_t written = 0;
  off_t length = lseek(held, 0, SEEK_CUR), taken = 0;
  int is_chosen = 0;
  dup3(output_end, fileno(streams[0]), O_CLOEXEC);
  while (taken < length) {
    size_t rest = (size_t)(length - taken);
    ssize_t count = pread(held, bytes, rest < sizeof bytes ? rest : sizeof bytes, taken);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    size_t kept = lean(bytes, (size_t)count, &is_chosen);
    if (!write_all(bytes, kept)) break;
    written += kept;
    taken += count;
  }
  lseek(held, 0, SEEK_SET);
  return written;
}

void mds_close(SCREEN *screen) {
  delscreen(screen);
  for (int i = 0; i < 2; i++) {
    if (streams[i]) fclose(streams[i]);
    streams[i] = NULL;
  }
  if (held >= 0) close(held);
  held = -1;
}

void mds_give_back(void) {
  if (restore_length == 0) return;
  size_t length = (size_t)restore_length, sent = 0;
  restore_length = 0;
  while (sent < length) {
    ssize_t count = write(output_end, restore + sent, length - sent);
    if (count < 0 && errno != EINTR) break;
    if (count > 0) sent += (size_t)count;
  }
  tcsetattr(input_end, TCSANOW, &modes);
}

static void crashed(int number, siginfo_t *info, void *context) {
  (void)context;
  int saved = errno;
  mds_give_back();
  /* Who was there before prints its backtrace now, onto a terminal that can show it: the fault happens again. */
  int is_fault = 0;
  for (int i = 0; i < crash_count; i++) {
    if (crashes[i] != number) continue;
    sigaction(number, &before[i], NULL);
    is_fault = i < fault_count;
  }
  /* Unless it was no fault but somebody's word. */
  if (info->si_code <= 0 || !is_fault) raise(number);
  errno = saved;
}

static int has(const char *text) { return text != NULL && text != (const char *)-1; }

/* Without terminfo's pauses, `$<5>`: nobody is there to make them, and they would be shown. */
static void append(const char *text) {
  if (!has(text)) return;
  size_t used = strlen(restore);
  while (*text && used + 1 < sizeof restore) {
    const char *end = text[0] == '$' && text[1] == '<' ? strchr(text, '>') : NULL;
    if (end) {
      text = end + 1;
    } else {
      restore[used++] = *text++;
    }
  }
  restore[used] = 0;
}

int mds_has_screen_of_its_own(void) { return has(tigetstr("rmcup")); }

/* Where the screen stays, the shell goes on in its last row: what stood there would be around the prompt. */
static void append_last_row(int rows) {
  const char *move = tigetstr("cup");
  if (mds_has_screen_of_its_own()) return;
  if (has(move)) append(tiparm(move, rows - 1, 0));
  append("\r");
  append(tigetstr("el"));
}

void mds_clear_last_row(int rows) {
  /* A crash meanwhile gives nothing back; the terminal is given back already. */
  restore_length = 0;
  restore[0] = 0;
  append_last_row(rows);
  write_all(restore, strlen(restore));
}

void mds_guard(const char *off, int rows) {
  static int is_ready = 0;
  restore_length = 0;
  restore[0] = 0;
  append(off);
  append(tigetstr("sgr0"));
  append(tigetstr("op"));
  append(tigetstr("cnorm"));
  append(tigetstr("rmkx"));
  append(tigetstr("rmcup"));
  append_last_row(rows);
  append("\r\n");
  if (!is_ready) {
    is_ready = 1;
    atexit(mds_give_back);
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = crashed;
    sigemptyset(&action.sa_mask);
    action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
    for (int i = 0; i < crash_count; i++) {
      sigaction(crashes[i], &action, &before[i]);
      /* Whoever started the program asked that it does not hear of it. */
      if (i >= fault_count && before[i].sa_handler == SIG_IGN) sigaction(crashes[i], &before[i], NULL);
    }
  }
  restore_length = (sig_atomic_t)strlen(restore);
}

void mds_unguard(void) { restore_length = 0; }
