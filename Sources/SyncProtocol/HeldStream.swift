public import Feedback

/// How far a device holds a stream itself: it needs no event of it up to there. Written `STREAM:SEQ`.
public struct HeldStream: Hashable, Sendable {
  public var stream: StreamID
  /// The last event that it holds.
  public var seq: Int

  /// The most streams that one question names.
  public static let limit = 64

  public init(_ stream: StreamID, upTo seq: Int) {
    self.stream = stream
    self.seq = seq
  }

  /// nil for anything but 32 hexadecimal digits, a colon and a number that is not negative.
  public init?(text: some StringProtocol) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let stream = StreamID(hex: String(parts[0])), let seq = Int(parts[1]), seq >= 0 else {
      return nil
    }
    self.init(stream, upTo: seq)
  }

  public var text: String { "\(stream.hex):\(seq)" }
}
