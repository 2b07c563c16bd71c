/// What a request carries.
public enum HTTPBody: Sendable {
  case none
  case bytes([UInt8])
  /// Bytes that are made while they are sent.
  case stream(HTTPBodySource)
}

/// Where the bytes of a streamed request body come from. It is read once: such a request is never sent again.
public struct HTTPBodySource: Sendable {
  /// The exact number of bytes to come, where it is known; without it HTTP/1.1 sends chunks.
  public var length: Int?
  /// The next bytes, or nil at the end; called again only after the last ones were sent.
  public var next: @Sendable () async throws -> [UInt8]?

  public init(length: Int? = nil, next: @escaping @Sendable () async throws -> [UInt8]?) {
    self.length = length
    self.next = next
  }
}
