public import Domain
public import Feedback

/// How much of a content a collector has: `GET /v1/blobs/{sha256}/state`, and the answer to each piece that was put.
public struct BlobState: Message {
  /// The SHA-256 of the whole.
  public var hash: Hash
  /// Bytes of the whole, as its sender said.
  public var size: Int
  /// Bytes that are durable, from the beginning on: the next piece begins here.
  public var received: Int

  public init(hash: Hash, size: Int, received: Int) {
    self.hash = hash
    self.size = size
    self.received = received
  }

  public var isWhole: Bool { received == size }

  public init(json: JSON) throws(WireError) {
    let object = try WireObject(json)
    self.init(
      hash: try object.hash("sha256"), size: try object.natural("size"), received: try object.natural("received"))
    guard received <= size else { throw WireError("received is more than size") }
  }

  public var json: JSON {
    .object([
      "sha256": .hexadecimal(hash.bytes), "size": .count(size), "received": .count(received),
    ])
  }
}

/// A piece of a content on its way: small enough for a slow line, and for a server's memory.
public enum BlobPiece {
  /// The bytes of a piece as this program makes them.
  public static let bytes = 128 << 10
  /// The most bytes of a piece that a collector takes.
  public static let most = 1 << 20
  /// The most bytes of a whole content.
  public static let limit = 256 << 20

  /// The offset and the size that a `Content-Range` header names for so many bytes (RFC 9110 §14.4); nil where they do
  /// not fit together.
  public static func range(_ header: String, count: Int) -> (offset: Int, size: Int)? {
    guard header.hasPrefix("bytes ") else { return nil }
    let parts = header.dropFirst(6).split(separator: "/")
    let ends = parts.first?.split(separator: "-") ?? []
    guard parts.count == 2, ends.count == 2, let first = Int(ends[0]), let last = Int(ends[1]),
      let size = Int(parts[1]),
      first >= 0, last >= first, last < size, last - first == count - 1
    else { return nil }
    return (first, size)
  }

  /// The first byte that a `Range` header of one open or closed span asks for; nil for any other.
  public static func offset(_ header: String) -> Int? {
    guard header.hasPrefix("bytes="), let dash = header.lastIndex(of: "-") else { return nil }
    let first = Int(header[header.index(header.startIndex, offsetBy: 6)..<dash])
    return first.flatMap { $0 >= 0 ? $0 : nil }
  }
}
