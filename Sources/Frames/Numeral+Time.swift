public import SafeText

extension Numeral {
  /// `12:04Z`: the UTC time of day of a number of seconds since 1970.
  public static func clock(_ seconds: Int) -> SafeText {
    let minutes = floored(seconds, 60) - floored(seconds, 86_400) * 1440
    return SafeText("\(two(minutes / 60)):\(two(minutes % 60))Z")
  }

  /// `2026-11-12`: the UTC date of a number of seconds since 1970.
  public static func date(_ seconds: Int) -> SafeText {
    let (year, month, day) = civil(days: floored(seconds, 86_400))
    return SafeText("\(year)-\(two(month))-\(two(day))")
  }

  /// `12:04Z` if it is the day of `now`, else `2026-11-12`.
  public static func moment(_ seconds: Int, now: Int) -> SafeText {
    floored(seconds, 86_400) == floored(now, 86_400) ? clock(seconds) : date(seconds)
  }

  /// `Tue 17`: the UTC weekday and day of the month.
  public static func day(_ seconds: Int) -> SafeText {
    let days = floored(seconds, 86_400)
    let names = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    return SafeText("\(names[((days % 7) + 7) % 7]) \(civil(days: days).day)")
  }

  /// An age in its coarsest unit: `now` under a minute, `5 min`, `2 h`, `3 d`.
  public static func age(_ seconds: Int) -> SafeText {
    switch seconds {
    case ..<60: "now"
    case ..<3600: SafeText("\(seconds / 60) min")
    case ..<86_400: SafeText("\(seconds / 3600) h")
    default: SafeText("\(seconds / 86_400) d")
    }
  }

  private static func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }

  private static func floored(_ value: Int, _ unit: Int) -> Int {
    value >= 0 ? value / unit : -((-value + unit - 1) / unit)
  }

  /// The proleptic Gregorian date of a day since 1970-01-01, in eras of 400 years that start on 1 March.
  private static func civil(days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = floored(shifted, 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
  }
}
