internal import Domain

/// How the tensors of a request become the rows of floats that a booster reads.
enum Encoding: Sendable {
  /// One tensor that holds the features, row by row.
  case matrix
  /// A tensor a feature; a category stands as its place in the list.
  case columns([Column])
  /// A picture, pixel by pixel.
  case pixels
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
    case "pixels": self = .pixels
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
  func rows(of tensors: [Tensor]) -> FloatRows {
    guard let first = tensors.first, let count = first.shape.first, count > 0 else {
      return FloatRows(values: [], count: 0, width: 0)
    }
    switch self {
    case .matrix, .pixels:
      let values = (first.numbers ?? []).map(Float.init)
      return FloatRows(values: values, count: count, width: values.count / count)
    case .columns(let columns):
      var values = [Float](repeating: .nan, count: count * columns.count)
      for (place, column) in columns.enumerated() {
        guard let tensor = tensors.first(where: { $0.name == column.name }) else { continue }
        let encoded = column.encoded(tensor)
        for row in 0..<min(count, encoded.count) { values[row * columns.count + place] = encoded[row] }
      }
      return FloatRows(values: values, count: count, width: columns.count)
    case .text(let grams):
      let texts = first.texts ?? []
      return FloatRows(values: texts.flatMap { grams.row(of: $0 ?? "") }, count: count, width: grams.width)
    }
  }
}

extension Encoding.Column {
  fileprivate func encoded(_ tensor: Tensor) -> [Float] {
    guard let categories else { return (tensor.numbers ?? []).map(Float.init) }
    return (tensor.texts ?? []).map { text in
      text.flatMap { categories.firstIndex(of: $0) }.map(Float.init) ?? .nan
    }
  }
}
