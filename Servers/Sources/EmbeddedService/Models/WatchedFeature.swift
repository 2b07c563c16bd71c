internal import Domain

/// A number or category that the drift detector draws from a record, where the record's own fields are too many.
struct WatchedFeature: Sendable {
  var name: RawText
  var source: Source

  enum Source: Hashable, Sendable {
    /// The mean of all pixels.
    case mean
    /// The mean of a 2x2 block of pixels; rows and columns count from 1.
    case block(row: Int, column: Int)
  }

  init(_ json: JSON) throws(ModelRefusal) {
    guard let name = json["name"]?.text else { throw ModelRefusal("a watched feature has no name") }
    self.name = name
    switch json["of"]?.string {
    case "mean": source = .mean
    case "block":
      guard let row = json["row"]?.integer, let column = json["column"]?.integer, row > 0, column > 0 else {
        throw ModelRefusal("the watched feature \(name) has no row or column")
      }
      source = .block(row: Int(row), column: Int(column))
    case let unknown: throw ModelRefusal("the watched feature \(name) is of an unknown kind: \(unknown ?? "none")")
    }
  }
}
