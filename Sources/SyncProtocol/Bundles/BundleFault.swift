/// Why a file is no whole bundle, and up to where it is one.
public struct BundleFault: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Reason: Hashable, Sendable {
    /// It does not begin as a bundle does.
    case foreign
    /// It ends in the middle.
    case truncated
    /// A frame's check sum is not that of its bytes, or it is longer than any frame.
    case damaged
    /// The frames are sound, what they say is not.
    case contradictory(String)
  }

  /// The end of the last frame that was whole.
  public var offset: Int
  public var reason: Reason

  public init(_ reason: Reason, at offset: Int) {
    self.reason = reason
    self.offset = offset
  }

  public var description: String {
    switch reason {
    case .foreign: "this is no bundle"
    case .truncated: "the bundle is cut off: it is whole up to byte \(offset)"
    case .damaged: "the bundle is damaged after byte \(offset)"
    case .contradictory(let words): "the bundle contradicts itself after byte \(offset): \(words)"
    }
  }
}
