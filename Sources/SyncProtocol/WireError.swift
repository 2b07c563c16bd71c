/// Why bytes from the other side are no message of the protocol.
public struct WireError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was missing or wrong, with the name of the member.
  public var reason: String

  public init(_ reason: String) { self.reason = reason }

  public var description: String { reason }
}
