internal import Domain

/// A number that the detectors draw from a record, where its own fields are too many or none.
struct WatchedFeature: Sendable {
  var name: RawText
  var source: Source

  enum Source: Hashable, Sendable {
    /// How many words a text has.
    case tokens
    /// The share of A-Z among A-Z and a-z; 0 where a text has neither.
    case uppercaseShare
    /// How many `!` a text has.
    case exclamations
    /// How many of 0-9 a text has.
    case digits
    /// The mean of all pixels.
    case mean
    /// The mean of a 2x2 block of pixels; rows and columns count from 1.
    case block(row: Int, column: Int)
  }

  init(_ json: JSON) throws(ModelRefusal) {
    guard let name = json["name"]?.text else { throw ModelRefusal("a watched feature has no name") }
    self.name = name
    switch json["of"]?.string {
    case "tokens": source = .tokens
    case "uppercase_share": source = .uppercaseShare
    case "exclamations": source = .exclamations
    case "digits": source = .digits
    case "mean": source = .mean
    case "block":
      guard let row = json["row"]?.integer, let column = json["column"]?.integer, row > 0, column > 0 else {
        throw ModelRefusal("the watched feature \(name) has no row or column")
      }
      source = .block(row: Int(row), column: Int(column))
    case let unknown: throw ModelRefusal("the watched feature \(name) is of an unknown kind: \(unknown ?? "none")")
    }
  }

  /// The feature of a text; NaN where it is one of a picture.
  func value(of text: RawText) -> Double {
    func count(_ range: ClosedRange<UInt8>) -> Int { text.bytes.count(where: range.contains) }
    switch source {
    case .tokens: return Double(HashedNGrams.tokens(of: text).count)
    case .exclamations: return Double(count(0x21...0x21))
    case .digits: return Double(count(0x30...0x39))
    case .uppercaseShare:
      let upper = count(0x41...0x5A)
      let letters = upper + count(0x61...0x7A)
      return letters == 0 ? 0 : Double(upper) / Double(letters)
    case .mean, .block: return .nan
    }
  }

  /// The feature of a picture with rows of this many pixels; NaN where it is one of a text, or outside the picture.
  func value(of pixels: ArraySlice<Double>, columns: Int) -> Double {
    let places: [Int]
    switch source {
    case .mean: places = Array(0..<pixels.count)
    case .block(let row, let column):
      let corner = (2 * row - 2) * columns + 2 * column - 2
      places = [corner, corner + 1, corner + columns, corner + columns + 1]
    case .tokens, .uppercaseShare, .exclamations, .digits: places = []
    }
    guard let last = places.last, last < pixels.count else { return .nan }
    return places.reduce(0) { $0 + pixels[pixels.startIndex + $1] } / Double(places.count)
  }
}

extension ModelSettings {
  /// The watched features of every row, or the encoded ones where the fields themselves are watched.
  func watchedRows(of inputs: [Tensor]) -> FeatureRows {
    switch encoding {
    case .text where !watched.isEmpty:
      let texts = inputs.first.map(Encoding.texts) ?? []
      return FeatureRows(
        values: texts.flatMap { text in watched.map { $0.value(of: text) } }, count: texts.count, width: watched.count)
    case .pixels(_, let columns) where !watched.isEmpty:
      let encoded = encoding.rows(of: inputs)
      let values = (0..<encoded.count).flatMap { row in watched.map { $0.value(of: encoded[row], columns: columns) } }
      return FeatureRows(values: values, count: encoded.count, width: watched.count)
    case .matrix, .columns, .text, .pixels: return encoding.rows(of: inputs)
    }
  }

  /// The names of what `watchedRows` holds.
  var watchedNames: [RawText] { watched.isEmpty ? featureNames : watched.map(\.name) }

  /// The names of the encoded features; none for a text, whose buckets have no names.
  var featureNames: [RawText] {
    switch encoding {
    case .matrix: Signature(inputs: inputs, outputs: []).fields.map(\.name)
    case .columns(let columns): columns.map(\.name)
    case .pixels(let rows, let columns):
      (0..<rows * columns).map { RawText("r\($0 / columns + 1)c\($0 % columns + 1)") }
    case .text: []
    }
  }
}
