internal import Domain

/// How the tensors of a request become the rows of features that a booster reads.
enum Encoding: Sendable {
  /// One tensor that holds the features, row by row.
  case matrix
  /// A tensor a feature; a category stands as its place in the list.
  case columns([Column])
  /// A picture, pixel by pixel.
  case pixels(rows: Int, columns: Int)
  /// A text as counts of hashed n-grams.
  case text(HashedNGrams)

  struct Column: Sendable {
    var name: RawText
    /// Nil for a number.
    var categories: [RawText]?
  }

  init(_ json: JSON, inputs: [TensorSpec]) throws(ModelRefusal) {
    switch json["kind"]?.string {
    case "matrix": self = .matrix
    case "pixels":
      guard let shape = inputs.first?.shape, shape.count >= 3 else {
        throw ModelRefusal("the encoding is of pixels, but the input is no picture")
      }
      self = .pixels(rows: shape[1], columns: shape[2])
    case "columns":
      var columns: [Column] = []
      for column in json["columns"]?.array ?? [] {
        guard let name = column["name"]?.text, inputs.contains(where: { $0.name == name }) else {
          throw ModelRefusal("the encoding has a column that is no input")
        }
        columns.append(Column(name: name, categories: column["categories"]?.texts))
      }
      self = .columns(columns)
    case "hashed-ngrams": self = .text(try HashedNGrams(json))
    case let kind: throw ModelRefusal("the encoding is of an unknown kind: \(kind ?? "none")")
    }
  }

  /// Encodes tensors that were validated against the model's inputs.
  func rows(of tensors: [Tensor]) -> FeatureRows {
    guard let first = tensors.first else { return FeatureRows(values: [], count: 0, width: 0) }
    switch self {
    case .matrix, .pixels:
      let values = first.numbers ?? []
      let count = max(1, first.shape.first ?? 1)
      return FeatureRows(values: values, count: count, width: values.count / count)
    case .columns(let columns):
      let count = first.count
      var values = [Double](repeating: .nan, count: count * columns.count)
      for (place, column) in columns.enumerated() {
        guard let tensor = tensors.first(where: { $0.name == column.name }) else { continue }
        for (row, value) in column.encoded(tensor).enumerated() { values[row * columns.count + place] = value }
      }
      return FeatureRows(values: values, count: count, width: columns.count)
    case .text(let grams):
      return FeatureRows(
        values: Encoding.texts(first).flatMap(grams.row), count: first.count, width: grams.buckets)
    }
  }

  /// The texts of a tensor that was validated: none of them is null.
  static func texts(_ tensor: Tensor) -> [RawText] { (tensor.texts ?? []).map { $0 ?? "" } }
}

extension Encoding.Column {
  fileprivate func encoded(_ tensor: Tensor) -> [Double] {
    guard let categories else { return tensor.numbers ?? [] }
    return Encoding.texts(tensor).map { text in categories.firstIndex(of: text).map(Double.init) ?? .nan }
  }
}
