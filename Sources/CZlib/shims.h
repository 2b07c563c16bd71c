#pragma once
#include <zlib.h>

/* deflateInit2 and inflateInit2 are macros, which are not imported. */
static inline int mds_deflate_init(z_stream *s, int level, int window_bits) {
  return deflateInit2(s, level, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY);
}
static inline int mds_inflate_init(z_stream *s, int window_bits) { return inflateInit2(s, window_bits); }
