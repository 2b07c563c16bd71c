/// When a frame may be drawn: what comes in bursts is drawn a few times a second, and nobody waits to see a key.
///
/// Moments are durations since any start, the same for all calls. At most two frames at once and then one in each
/// `interval`, so that what the ledger remembers does not wait for the empty screen, and a line is not filled with what is
/// over a moment later. What is drawn of answers is not held against a key: that one waits for an earlier key's frame only.
public struct FramePace: Sendable {
  private let interval: Duration
  /// When a frame is due that any change wants, and one that a key wants.
  private var (anyAt, keyAt): (Duration, Duration)
  private var isKeyed = false

  /// Frames at least `interval` apart.
  public init(interval: Duration, now: Duration) {
    self.interval = interval
    anyAt = now - interval
    keyAt = anyAt
  }

  /// When what has changed is to be drawn; it may be in the past.
  public var due: Duration { isKeyed ? min(anyAt, keyAt) : anyAt }

  /// A key came: the next frame shows what it did.
  public mutating func keyed() { isKeyed = true }

  /// A frame was drawn.
  public mutating func drew(now: Duration) {
    anyAt = max(anyAt, now - interval) + interval
    if isKeyed { keyAt = now + interval }
    isKeyed = false
  }

  /// The whole screen is to be drawn: that is due now.
  public mutating func hurry(now: Duration) { anyAt = now }
}
