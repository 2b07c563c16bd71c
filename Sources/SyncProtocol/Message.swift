public import Domain

/// A value that travels as one JSON object. Members that a reader does not know are passed over, so that an older
/// and a newer side understand each other.
public protocol Message: Hashable, Sendable {
  init(json: JSON) throws(WireError)
  var json: JSON { get }
}

extension Message {
  /// The value as JSON text.
  public var bytes: [UInt8] { json.serialized }

  /// Reads JSON text.
  public init(bytes: [UInt8]) throws(WireError) {
    let json: JSON
    do {
      json = try JSON(parsing: bytes)
    } catch {
      throw WireError("\(error)")
    }
    try self.init(json: json)
  }
}
