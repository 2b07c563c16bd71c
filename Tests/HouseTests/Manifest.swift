/// A package's targets and products, as `swift package dump-package` prints them.
struct Manifest: Decodable {
  struct Target: Decodable {
    var name: String
    var type: String
    var dependencies: [Dependency]
  }

  struct Product: Decodable {
    var name: String
    var targets: [String]
  }

  /// Something that a target may import, by its name; the dump wraps that in an object whose key is the kind.
  struct Dependency: Decodable {
    var name: String

    init(from decoder: any Decoder) throws {
      let kinds = try decoder.singleValueContainer().decode([String: [String?]].self)
      guard let name = kinds.values.first?.first ?? nil else {
        throw DecodingError.dataCorrupted(
          .init(codingPath: decoder.codingPath, debugDescription: "a nameless dependency"))
      }
      self.name = name
    }
  }

  var name: String
  var targets: [Target]
  var products: [Product]

  /// What each target may import.
  var arrows: [String: Set<String>] {
    Dictionary(uniqueKeysWithValues: targets.map { ($0.name, Set($0.dependencies.map(\.name))) })
  }
}
