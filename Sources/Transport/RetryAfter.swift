/// The `Retry-After` header of RFC 9110 §10.2.3: a number of seconds, or a date in one of HTTP's three forms.
public enum RetryAfter {
  /// How long to wait from `now` (seconds since 1970 UTC), never negative; nil where the text is neither form.
  /// A server may ask for years: the caller caps it.
  public static func delay(_ text: String, now: Int) -> Duration? {
    let text = text.trimmed
    if !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
      return .seconds(min(Int(text) ?? .max, 3_155_760_000))
    }
    return seconds(httpDate: text, now: now).map { .seconds(max(0, $0 - now)) }
  }

  /// The seconds since 1970 UTC of an HTTP date (RFC 9110 §5.6.7); `now` decides the century of a two-digit year.
  public static func seconds(httpDate text: String, now: Int) -> Int? {
    let words = text.split { $0 == " " || $0 == "," || $0 == "-" }
    if words.count == 6, words[5] == "GMT" {
      // Sun, 06 Nov 1994 08:49:37 GMT · Sunday, 06-Nov-94 08:49:37 GMT
      return seconds(day: words[1], month: words[2], year: words[3], clock: words[4], now: now)
    }
    if words.count == 5 {
      // Sun Nov  6 08:49:37 1994
      return seconds(day: words[2], month: words[1], year: words[4], clock: words[3], now: now)
    }
    return nil
  }

  private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

  private static func seconds(
    day: Substring, month: Substring, year: Substring, clock: Substring, now: Int
  ) -> Int? {
    let time = clock.split(separator: ":", omittingEmptySubsequences: false).map { number($0, digits: 2...2) ?? -1 }
    guard let day = number(day, digits: 1...2), let month = months.firstIndex(where: { $0 == month }),
      var full = number(year, digits: 2...4), year.count != 3, (1...31).contains(day), time.count == 3,
      (0...23).contains(time[0]), (0...59).contains(time[1]), (0...60).contains(time[2])
    else { return nil }
    if year.count == 2 {
      // A date that seems more than 50 years ahead is the last such year of the past.
      let present = 1970 + now / 31_556_952
      full += present / 100 * 100
      if full > present + 50 { full -= 100 }
    }
    return daysSince1970(year: full, month: month + 1, day: day) * 86400 + time[0] * 3600 + time[1] * 60 + time[2]
  }

  private static func number(_ text: Substring, digits: ClosedRange<Int>) -> Int? {
    guard digits.contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return Int(text)
  }

  /// Days of the proleptic Gregorian calendar, counted in eras of 400 years that begin on 1 March.
  private static func daysSince1970(year: Int, month: Int, day: Int) -> Int {
    let shifted = month <= 2 ? year - 1 : year
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }
}

extension String {
  /// Without spaces and tabs at either end.
  var trimmed: String {
    let isBlank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 }
    let start = utf8.firstIndex { !isBlank($0) } ?? endIndex
    let end = utf8.lastIndex { !isBlank($0) }.map { utf8.index(after: $0) } ?? start
    return String(self[start..<end])
  }
}
