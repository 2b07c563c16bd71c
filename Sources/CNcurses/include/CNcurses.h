#pragma once
/* Wide-character ncurses for Swift, output only: macros, variadics and mutable globals become functions. */
#ifndef _XOPEN_SOURCE_EXTENDED
#define _XOPEN_SOURCE_EXTENDED 1
#endif
#ifndef NCURSES_WIDECHAR
#define NCURSES_WIDECHAR 1
#endif
/* Nothing else: a header that is first seen here would be this module's, and not Glibc's, for all of Swift. */
#include <ncurses.h>

/* Swift 6 refuses `stdscr`, `COLS`, … as shared mutable state. */
static inline WINDOW *mds_stdscr(void) { return stdscr; }
static inline int mds_lines(void) { return getmaxy(stdscr); }
static inline int mds_columns(void) { return getmaxx(stdscr); }
static inline int mds_colours(void) { return COLORS; }

/* 1 found, 0 unknown or too poor, -1 no database. */
int mds_find_terminal(const char *name, int output);
/* Whether the terminal found can put its cursor anywhere. */
int mds_can_move(void);
/* Starts ncurses on two descriptors of a terminal, whose modes are kept; NULL if it fails. */
SCREEN *mds_open(const char *name, int output, int input);
/* What ncurses writes between the two goes out at once: it flushes at each move of the cursor, and over ssh each piece
   would be a packet with headers of its own. */
void mds_hold(void);
size_t mds_let_go(void);
/* Frees what `mds_open` made. */
void mds_close(SCREEN *screen);

/* Attribute macros, as values. */
static inline attr_t mds_bold(void) { return A_BOLD; }
static inline attr_t mds_dim(void) { return A_DIM; }
static inline attr_t mds_underline(void) { return A_UNDERLINE; }
static inline attr_t mds_reverse(void) { return A_REVERSE; }

/* A pair on the terminal's own background. */
static inline int mds_init_pair(int pair, int colour) { return init_extended_pair(pair, colour, -1); }

/* The cells that the C library, and with it ncurses, gives a character; -1 for none. */
int mds_cells(wchar_t character);

/* One cell: a base character with up to four marks, attributes, a pair. */
int mds_put(int row, int column, const wchar_t *text, attr_t attributes, int pair);
static inline int mds_put_one(int row, int column, wchar_t character, attr_t attributes, int pair) {
  wchar_t text[2] = {character, 0};
  return mds_put(row, column, text, attributes, pair);
}

/* The name of the character encoding of the locale in force. */
const char *mds_codeset(void);

/* From here on a crash or an exit gives the terminal back: its modes as they are now, `off` to switch off what was
   switched on beside ncurses; `rows` of the terminal. Safe in a signal handler; the crash then goes where it would have gone. */
void mds_guard(const char *off, int rows);
/* Gives the terminal back as it was, where it is guarded. */
void mds_give_back(void);
/* Whether the terminal keeps the shell's screen meanwhile, and shows it again. */
int mds_has_screen_of_its_own(void);
/* Where it does not: clears the last row and leaves the cursor there, for the shell's prompt. */
void mds_clear_last_row(int rows);
/* The terminal was given back in good order. */
void mds_unguard(void);
