internal import Frames
public import SafeText

/// How far a file that is scored has come.
public struct BatchProgress: Equatable, Sendable {
  /// Rows that an earlier run had done.
  public var before = 0
  public var scored = 0
  /// Rows that could not be used, or that the service refused.
  public var setAside = 0
  /// Rows of the file; nil where nobody counted them.
  public var rows: Int?
  /// Bytes of the file that were dealt with, and all of them; nil for a pipe.
  public var bytes = 0
  public var size: Int?
  /// Seconds since it began.
  public var seconds = 0.0
  /// Rows a second, of late.
  public var rate: Double?
  public var requestsInFlight = 0
  public var rowsPerRequest = 0
  /// Seconds until it goes on, where the service was too busy.
  public var pause: Double?

  public init() {}

  /// Rows that need not be looked at any more.
  public var done: Int { before + scored + setAside }

  /// How much is done, 0 to 1; nil where nobody knows how much there is.
  public var share: Double? {
    if let rows, rows > 0 { return min(1, Double(done) / Double(rows)) }
    if let size, size > 0 { return min(1, Double(bytes) / Double(size)) }
    return nil
  }

  /// Seconds to go, by the rate of late and by rows, or by bytes where the rows were not counted.
  public var secondsLeft: Double? {
    guard let rate, rate > 0, done > 0 else { return nil }
    if let rows { return Double(max(0, rows - done)) / rate }
    guard let size, bytes > 0 else { return nil }
    return Double(max(0, size - bytes)) / (Double(bytes) / Double(done)) / rate
  }

  /// `12 400 of 1 000 000 rows`, or with a share where the rows were not counted.
  public var rowsText: SafeText {
    let count = Numeral.count(done)
    if let rows { return count + " of " + Numeral.count(max(rows, done)) + " rows" }
    return count + " rows" + (share.map { " (" + Numeral.percent($0) + ")" } ?? .empty)
  }

  /// `3 120 rows/s`; nil before it was measured.
  public var rateText: SafeText? { rate.map { BatchProgress.text(rate: $0) } }

  /// `5 min 16 s left`.
  public var leftText: SafeText? { secondsLeft.map { BatchProgress.text(seconds: $0) + " left" } }

  /// Everything in one line.
  public var text: SafeText {
    var parts = [rowsText]
    if let rateText { parts.append(rateText) }
    if let pause {
      parts.append("the service is busy, " + BatchProgress.text(seconds: pause) + " to wait")
    } else if let leftText {
      parts.append(leftText)
    }
    if setAside > 0 { parts.append(Numeral.count(setAside) + " set aside") }
    if requestsInFlight > 0 {
      parts.append(Numeral.count(requestsInFlight) + " in flight × " + Numeral.count(rowsPerRequest))
    }
    return parts.dropFirst().reduce(parts[0]) { $0 + " · " + $1 }
  }

  public static func text(rate: Double) -> SafeText {
    (rate >= 10 ? Numeral.count(Int(min(1e12, rate.rounded()))) : Numeral.decimal(rate, places: 1)) + " rows/s"
  }

  /// `requests p50 81 ms, p99 140 ms`, of seconds.
  public static func text(p50: Double, p99: Double) -> SafeText {
    "requests p50 " + Numeral.milliseconds(p50 * 1000) + ", p99 " + Numeral.milliseconds(p99 * 1000)
  }

  /// `16 s`, `5 min 16 s`, `2 h 5 min`, `3 d 4 h`.
  public static func text(seconds: Double) -> SafeText {
    let whole = Int(min(1e12, max(0, seconds.rounded(.up))))
    let units = [(86_400, "d"), (3600, "h"), (60, "min"), (1, "s")]
    let first = units.firstIndex { whole >= $0.0 } ?? units.count - 1
    let lead = whole / units[first].0
    let text = "\(lead) \(units[first].1)"
    guard first + 1 < units.count else { return SafeText(text) }
    let rest = (whole - lead * units[first].0) / units[first + 1].0
    return SafeText(rest > 0 ? "\(text) \(rest) \(units[first + 1].1)" : text)
  }
}
