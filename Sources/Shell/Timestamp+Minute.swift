internal import Domain

extension Timestamp {
  /// How long it is to the next whole minute: the one wake-up of an idle loop.
  var untilMinute: Duration { .microseconds(60_000_000 - (microseconds % 60_000_000 + 60_000_000) % 60_000_000) }

  /// Whether a clock that shows minutes shows another one; also after it was set back.
  func isInAnotherMinute(than other: Timestamp) -> Bool { minute != other.minute }

  private var minute: Int64 { (microseconds - (microseconds % 60_000_000 + 60_000_000) % 60_000_000) / 60_000_000 }
}
