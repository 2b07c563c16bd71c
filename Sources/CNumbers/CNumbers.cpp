#include "CNumbers.h"

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <string>
#include <system_error>

namespace {

const char *text(const uint8_t *bytes) { return reinterpret_cast<const char *>(bytes); }

bool accept(const char *&at, const char *last, const char *word, size_t length) {
  if (static_cast<size_t>(last - at) < length || std::memcmp(at, word, length) != 0) return false;
  at += length;
  return true;
}

void skip_space(const char *&at, const char *last) {
  while (at < last && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t')) ++at;
}

bool is_digit(char character) { return character >= '0' && character <= '9'; }

double convert(const std::string &digits, double) { return std::strtod(digits.c_str(), nullptr); }
float convert(const std::string &digits, float) { return std::strtof(digits.c_str(), nullptr); }

// from_chars would take "inf" and "nan(…)", which no JSON writer means: only digits reach it.
template <typename Number>
bool floating(const char *&at, const char *last, Number &value) {
  const char *digits = at + (*at == '-' ? 1 : 0);
  if (digits == last) return false;
  if (is_digit(*digits)) {
    const auto result = std::from_chars(at, last, value);
    if (result.ec == std::errc::invalid_argument) return false;
    if (result.ec == std::errc::result_out_of_range) value = convert(std::string(at, result.ptr), Number());
    at = result.ptr;
    return true;
  }
  if (accept(digits, last, "Infinity", 8)) {
    value = *at == '-' ? -std::numeric_limits<Number>::infinity() : std::numeric_limits<Number>::infinity();
  } else if (digits == at && (accept(digits, last, "NaN", 3) || accept(digits, last, "null", 4))) {
    value = std::numeric_limits<Number>::quiet_NaN();
  } else {
    return false;
  }
  at = digits;
  return true;
}

template <typename Number>
bool whole(const char *&at, const char *last, Number lowest, Number highest, Number &value) {
  const auto result = std::from_chars(at, last, value);
  if (result.ec != std::errc() || value < lowest || value > highest) return false;
  if (result.ptr < last && (*result.ptr == '.' || *result.ptr == 'e' || *result.ptr == 'E')) return false;
  at = result.ptr;
  return true;
}

template <typename Number, typename Read>
size_t scan(const uint8_t *first, const uint8_t *last, Number *values, size_t capacity, size_t *used, Read read) {
  const char *at = text(first);
  const char *end = text(last);
  size_t count = 0;
  *used = 0;
  while (count < capacity) {
    skip_space(at, end);
    if (at == end || !read(at, end, values[count])) break;
    ++count;
    *used = static_cast<size_t>(at - text(first));
    skip_space(at, end);
    if (at == end || *at != ',') break;
    ++at;
  }
  return count;
}

template <typename Number>
size_t write(Number value, uint8_t *bytes) {
  char *start = reinterpret_cast<char *>(bytes);
  return static_cast<size_t>(std::to_chars(start, start + 32, value).ptr - start);
}

}  // namespace

size_t mds_scan_doubles(const uint8_t *first, const uint8_t *last, double *values, size_t capacity, size_t *used) {
  return scan(first, last, values, capacity, used, floating<double>);
}

size_t mds_scan_floats(const uint8_t *first, const uint8_t *last, float *values, size_t capacity, size_t *used) {
  return scan(first, last, values, capacity, used, floating<float>);
}

size_t mds_scan_signed(const uint8_t *first, const uint8_t *last, int64_t lowest, int64_t highest, int64_t *values,
                       size_t capacity, size_t *used) {
  return scan(first, last, values, capacity, used, [=](const char *&at, const char *end, int64_t &value) {
    return whole(at, end, lowest, highest, value);
  });
}

size_t mds_scan_unsigned(const uint8_t *first, const uint8_t *last, uint64_t highest, uint64_t *values,
                         size_t capacity, size_t *used) {
  return scan(first, last, values, capacity, used, [=](const char *&at, const char *end, uint64_t &value) {
    return whole(at, end, uint64_t{0}, highest, value);
  });
}

size_t mds_write_double(double value, uint8_t *bytes) { return write(value, bytes); }

size_t mds_write_float(float value, uint8_t *bytes) { return write(value, bytes); }
