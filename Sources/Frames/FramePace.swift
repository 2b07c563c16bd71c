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
  /// When a frame was drawn last that a key had asked for.
  private var lastAt: Duration
  /// Whether the key is one that is held down.
  private var isHeld = false

  /// Frames at least `interval` apart.
  public init(interval: Duration, now: Duration) {
    self.interval = interval
    anyAt = now - interval
    keyAt = anyAt
    lastAt = anyAt
  }

  /// When what has changed is to be drawn; it may be in the past.
  public var due: Duration {
    if isHeld, isKeyed { return max(anyAt, keyAt) }
    return isKeyed ? min(anyAt, keyAt) : anyAt
  }

  /// A key came: the next frame shows what it did. One that is held waits until the line has brought the frame before:
  /// else what is drawn falls behind it, and goes on when it is let go.
  public mutating func keyed(isHeld: Bool = false) {
    isKeyed = true
    self.isHeld = isHeld
    if !isHeld { keyAt = min(keyAt, lastAt + interval) }
  }

  /// A frame was drawn, which a slow line brings in this time.
  public mutating func drew(now: Duration, transit: Duration = .zero) {
    anyAt = max(anyAt, now - interval) + interval
    if isKeyed {
      keyAt = now + max(interval, transit)
      lastAt = now
    }
    isKeyed = false
  }

  /// The whole screen is to be drawn: that is due now.
  public mutating func hurry(now: Duration) { anyAt = now }
}
