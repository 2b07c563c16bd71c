extension Timestamp: CustomStringConvertible {
  /// ISO 8601 in UTC with microseconds, `2026-11-23T12:04:05.000123Z`: sorts as text in time order.
  public var description: String {
    let parts = parts
    // Bytes, not joined texts: a log of a million rows writes one for each.
    var text: [UInt8] = []
    text.reserveCapacity(27)
    for (value, width, mark) in [
      (parts.year, 4, UInt8(ascii: "-")), (parts.month, 2, UInt8(ascii: "-")), (parts.day, 2, UInt8(ascii: "T")),
      (parts.hour, 2, UInt8(ascii: ":")), (parts.minute, 2, UInt8(ascii: ":")), (parts.second, 2, UInt8(ascii: ".")),
      (parts.microsecond, 6, UInt8(ascii: "Z")),
    ] {
      write(value, width, to: &text)
      text.append(mark)
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// `2026-11-23`.
  public var dayText: String {
    let parts = parts
    return "\(padded(parts.year, 4))-\(two(parts.month))-\(two(parts.day))"
  }

  /// To the second, as people read it: `2026-11-24T12:04:05Z`.
  public var secondText: String { "\(description.prefix(19))Z" }

  /// `12:04Z`.
  public var clockText: String { "\(two(parts.hour)):\(two(parts.minute))Z" }

  /// `Sat 21`.
  public var weekdayText: String {
    "\(["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][weekday]) \(two(parts.day))"
  }

  /// `12:04Z` on the day of `now`, the date before: how every screen writes a time.
  public func shortText(asOf now: Timestamp) -> String {
    aligned(toSeconds: 86_400) == now.aligned(toSeconds: 86_400) ? clockText : dayText
  }

  /// Reads `2026-11-23`, `2026-11-23T12:04:05Z` or with a fraction and an offset; nil for anything else, also for a day
  /// that there is not, and where an offset leads out of the years 0000 to 9999: what is read can be written and read again.
  public init?(_ text: String) {
    var scanner = DigitScanner(bytes: Array(text.utf8))
    guard let year = scanner.number(4), scanner.accept("-"), let month = scanner.number(2), scanner.accept("-"),
      let day = scanner.number(2), (1...12).contains(month), day >= 1
    else { return nil }
    let next = (year: month == 12 ? year + 1 : year, month: month == 12 ? 1 : month + 1)
    let days = Timestamp.days(year: year, month: month, day: day)
    guard days < Timestamp.days(year: next.year, month: next.month, day: 1) else { return nil }
    var total = days * 86_400_000_000
    if scanner.isAtEnd {
      microseconds = total
      return
    }
    guard scanner.accept("T") || scanner.accept(" "), let hour = scanner.number(2), scanner.accept(":"),
      let minute = scanner.number(2), hour < 24, minute < 60
    else { return nil }
    total += Int64(hour * 60 + minute) * 60_000_000
    if scanner.accept(":") {
      guard let second = scanner.number(2), second < 61 else { return nil }
      total += Int64(second) * 1_000_000
      if scanner.accept(".") {
        guard let fraction = scanner.fraction() else { return nil }
        total += fraction
      }
    }
    if !scanner.accept("Z"), !scanner.isAtEnd {
      let sign: Int64
      if scanner.accept("+") { sign = -1 } else if scanner.accept("-") { sign = 1 } else { return nil }
      // RFC 3339: an offset is less than a day.
      guard let hours = scanner.number(2), hours < 24 else { return nil }
      _ = scanner.accept(":")
      guard let minutes = scanner.number(2), minutes < 60 else { return nil }
      total += sign * Int64(hours * 60 + minutes) * 60_000_000
    }
    guard scanner.isAtEnd, Timestamp.readable.contains(total) else { return nil }
    microseconds = total
  }

  /// The microseconds of the years that four digits can name.
  private static let readable =
    days(year: 0, month: 1, day: 1) * 86_400_000_000..<days(year: 10_000, month: 1, day: 1) * 86_400_000_000
}

/// The digits of a number, at least so many.
private func write(_ value: Int, _ width: Int, to text: inout [UInt8]) {
  if value < 0 { text.append(UInt8(ascii: "-")) }
  let value = value.magnitude
  var unit: UInt = 1
  for _ in 1..<width { unit *= 10 }
  while value / unit >= 10 { unit *= 10 }
  while unit > 0 {
    text.append(UInt8(ascii: "0") + UInt8(value / unit % 10))
    unit /= 10
  }
}

private func two(_ value: Int) -> String { padded(value, 2) }

private func padded(_ value: Int, _ width: Int) -> String {
  let digits = String(value)
  return String(repeating: "0", count: max(0, width - digits.count)) + digits
}

private struct DigitScanner {
  let bytes: [UInt8]
  var position = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { position == bytes.count }

  mutating func accept(_ character: Unicode.Scalar) -> Bool {
    guard position < bytes.count, UInt32(bytes[position]) == character.value else { return false }
    position += 1
    return true
  }

  mutating func number(_ digits: Int) -> Int? {
    guard position + digits <= bytes.count else { return nil }
    var value = 0
    for byte in bytes[position..<position + digits] {
      guard (0x30...0x39).contains(byte) else { return nil }
      value = value * 10 + Int(byte - 0x30)
    }
    position += digits
    return value
  }

  /// Microseconds of a fraction; digits past the sixth are dropped.
  mutating func fraction() -> Int64? {
    var value: Int64 = 0
    var digits = 0
    while position < bytes.count, (0x30...0x39).contains(bytes[position]) {
      if digits < 6 {
        value = value * 10 + Int64(bytes[position] - 0x30)
      }
      digits += 1
      position += 1
    }
    guard digits > 0 else { return nil }
    for _ in min(digits, 6)..<6 { value *= 10 }
    return value
  }
}
