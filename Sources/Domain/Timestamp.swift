/// A moment in UTC, to the microsecond.
public struct Timestamp: Hashable, Sendable, Comparable, Codable {
  /// Microseconds since 1970-01-01T00:00:00Z.
  public var microseconds: Int64

  public init(microseconds: Int64) { self.microseconds = microseconds }

  /// The moment this many seconds after 1970 began.
  public init(seconds: Double) { microseconds = Int64((seconds * 1_000_000).rounded()) }

  public static func < (left: Timestamp, right: Timestamp) -> Bool { left.microseconds < right.microseconds }

  /// This moment moved by seconds.
  public func advanced(bySeconds seconds: Double) -> Timestamp {
    Timestamp(microseconds: microseconds + Int64((seconds * 1_000_000).rounded()))
  }

  /// Seconds from another moment to this one.
  public func seconds(since other: Timestamp) -> Double { Double(microseconds - other.microseconds) / 1_000_000 }

  /// The start of the aligned span of this many seconds that holds the moment.
  public func aligned(toSeconds width: Int64) -> Timestamp {
    let span = width * 1_000_000
    let remainder = microseconds % span
    return Timestamp(microseconds: microseconds - (remainder < 0 ? remainder + span : remainder))
  }

  /// Calendar parts in UTC, by the proleptic Gregorian calendar.
  public var parts: (year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int, microsecond: Int) {
    let day = Timestamp.floorDivide(microseconds, 86_400_000_000)
    let rest = microseconds - day * 86_400_000_000
    let (year, month, dayOfMonth) = Timestamp.civil(fromDays: day)
    let seconds = Int(rest / 1_000_000)
    return (year, month, dayOfMonth, seconds / 3600, seconds / 60 % 60, seconds % 60, Int(rest % 1_000_000))
  }

  /// Days since Monday, 0–6.
  public var weekday: Int {
    let day = Timestamp.floorDivide(microseconds, 86_400_000_000)
    return Int(((day + 3) % 7 + 7) % 7)
  }

  static func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
    value >= 0 ? value / divisor : -((-value + divisor - 1) / divisor)
  }

  /// Howard Hinnant's days-to-civil, http://howardhinnant.github.io/date_algorithms.html.
  private static func civil(fromDays days: Int64) -> (Int, Int, Int) {
    let shifted = days + 719_468
    let era = floorDivide(shifted, 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthIndex = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * monthIndex + 2) / 5 + 1
    let month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (Int(year), Int(month), Int(day))
  }

  /// The inverse: days since 1970 of a civil date.
  static func days(year: Int, month: Int, day: Int) -> Int64 {
    let shiftedYear = Int64(month <= 2 ? year - 1 : year)
    let era = floorDivide(shiftedYear, 400)
    let yearOfEra = shiftedYear - era * 400
    let dayOfYear = (153 * Int64(month > 2 ? month - 3 : month + 9) + 2) / 5 + Int64(day) - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }
}
