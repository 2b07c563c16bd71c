#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Each scanner reads numbers that are parted by commas and white space, as they stand inside one JSON list, and stops
// at the first thing that it cannot take, at the end of the list, or when `values` is full. It returns how many it
// read, and in `used` the bytes up to the end of the last one. It never reads at or past `last`.

/// Floating-point numbers; also NaN, Infinity, -Infinity, and null, which reads as NaN. Out of range: infinity or 0.
size_t mds_scan_doubles(const uint8_t *first, const uint8_t *last, double *values, size_t capacity, size_t *used);

/// As mds_scan_doubles, rounded once to single precision.
size_t mds_scan_floats(const uint8_t *first, const uint8_t *last, float *values, size_t capacity, size_t *used);

/// Integers within [lowest, highest]; stops before one that is outside, or has a fraction or an exponent.
size_t mds_scan_signed(const uint8_t *first, const uint8_t *last, int64_t lowest, int64_t highest, int64_t *values,
                       size_t capacity, size_t *used);

/// Integers within [0, highest]; stops before one that is outside, or has a fraction or an exponent.
size_t mds_scan_unsigned(const uint8_t *first, const uint8_t *last, uint64_t highest, uint64_t *values,
                         size_t capacity, size_t *used);

/// Writes the shortest text that reads back as this finite number; returns its length, at most 32.
size_t mds_write_double(double value, uint8_t *text);

/// As mds_write_double: the shortest text that reads back in single precision.
size_t mds_write_float(float value, uint8_t *text);

#ifdef __cplusplus
}
#endif
