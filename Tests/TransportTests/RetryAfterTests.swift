import Testing
import Transport

@Suite("Retry-After")
struct RetryAfterTests {
  @Test(
    "is a number of seconds", arguments: [("0", 0), ("120", 120), (" 7 ", 7), ("99999999999999999999", 3_155_760_000)])
  func seconds(text: String, seconds: Int) {
    #expect(RetryAfter.delay(text, now: 0) == .seconds(seconds))
  }

  @Test(
    "is a date in any of the three forms",
    arguments: [
      "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
    ])
  func dates(text: String) {
    #expect(RetryAfter.seconds(httpDate: text, now: 784_111_000) == 784_111_777)
    #expect(RetryAfter.delay(text, now: 784_111_700) == .seconds(77))
    #expect(RetryAfter.delay(text, now: 784_111_800) == .zero)
  }

  @Test(
    "counts leap days and leap seconds",
    arguments: [
      ("Thu, 01 Jan 1970 00:00:00 GMT", 0), ("Tue, 29 Feb 2000 12:00:00 GMT", 951_825_600),
      ("Fri, 01 Mar 2024 00:00:00 GMT", 1_709_251_200), ("Sat, 31 Dec 2016 23:59:60 GMT", 1_483_228_800),
    ])
  func calendar(text: String, seconds: Int) {
    #expect(RetryAfter.seconds(httpDate: text, now: 1_700_000_000) == seconds)
  }

  @Test("puts a two-digit year within fifty years")
  func century() {
    #expect(RetryAfter.seconds(httpDate: "Friday, 01-Mar-24 00:00:00 GMT", now: 1_700_000_000) == 1_709_251_200)
    #expect(RetryAfter.seconds(httpDate: "Sunday, 06-Nov-94 08:49:37 GMT", now: 1_700_000_000) == 784_111_777)
  }

  @Test(
    "is nothing where it is neither",
    arguments: [
      "", "-1", "1.5", "soon", "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 06 Nov 1994 25:49:37 GMT", "1 2 3 4 5",
      "Sun, 00 Nov 1994 08:49:37 GMT", "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 06 Nov 199 08:49:37 GMT", "٣",
    ])
  func unreadable(text: String) {
    #expect(RetryAfter.delay(text, now: 0) == nil)
  }
}
