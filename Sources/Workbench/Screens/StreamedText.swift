internal import Domain

/// The text of an answer that comes in pieces, as far as a screen can show it.
public struct StreamedText: Equatable, Sendable {
  public enum End: Equatable, Sendable {
    /// All of it came, and it is a case.
    case whole
    /// It broke off; the problem stands beside it.
    case broken
    /// The analyst waits no longer.
    case stopped
  }

  /// The newest bytes of the text; its beginning is dropped where no screen could show it.
  public private(set) var newest: [UInt8] = []
  public private(set) var pieces = 0
  /// Bytes of the whole text so far.
  public private(set) var count = 0
  /// Nil while it comes.
  public var ended: End?

  public init() {}

  /// More than a screen of 200 by 50 cells.
  static let longest = 48 << 10

  mutating func take(_ piece: RawText) {
    guard ended == nil else { return }
    pieces += 1
    count += piece.bytes.count
    newest += piece.bytes
    if newest.count > 2 * StreamedText.longest { newest.removeFirst(newest.count - StreamedText.longest) }
  }

  /// What the rule above it says.
  var status: String {
    let pieces = pieces == 1 ? "1 piece" : "\(pieces) pieces"
    return switch ended {
    case nil: self.pieces == 0 ? "asking…" : "\(pieces)…"
    case .whole: pieces
    case .broken: "broke off after \(pieces)"
    case .stopped: "stopped waiting after \(pieces)"
    }
  }
}
