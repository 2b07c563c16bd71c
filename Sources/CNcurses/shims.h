#pragma once
/* ncurses for output: its macros and mutable globals as functions that Swift can call. */
#ifndef _XOPEN_SOURCE_EXTENDED
#define _XOPEN_SOURCE_EXTENDED 1
#endif
#define NCURSES_WIDECHAR 1
#include <langinfo.h>
#include <locale.h>
#include <ncurses.h>
#include <string.h>
#include <wchar.h>

/* Swift 6 refuses stdscr, COLORS and their kin as shared mutable state. */
static inline WINDOW *mds_stdscr(void) { return stdscr; }
static inline int mds_rows(void) { return getmaxy(stdscr); }
static inline int mds_columns(void) { return getmaxx(stdscr); }
static inline int mds_colors(void) { return has_colors() ? COLORS : 0; }
static inline SCREEN *mds_newterm(void) { return newterm(NULL, stdout, stdin); }

static inline attr_t mds_bold(void) { return A_BOLD; }
static inline attr_t mds_dim(void) { return A_DIM; }
static inline attr_t mds_underline(void) { return A_UNDERLINE; }
static inline attr_t mds_reverse(void) { return A_REVERSE; }

/* One cell: a scalar and the marks on it, attributes, a colour pair that may be over 255. */
static inline int mds_put(int row, int column, const wchar_t *text, attr_t attributes, int pair) {
  cchar_t cell;
  if (setcchar(&cell, text, attributes, 0, &pair) == ERR) return ERR;
  return mvadd_wch(row, column, &cell);
}

/* Whether the locale in force writes UTF-8. */
static inline int mds_is_utf8(void) { return strcmp(nl_langinfo(CODESET), "UTF-8") == 0; }
