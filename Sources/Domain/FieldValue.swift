/// The value of one field of a record.
public enum FieldValue: Hashable, Sendable {
  case missing
  case number(Double)
  case integer(Int64)
  case unsigned(UInt64)
  case flag(Bool)
  case text(RawText)
  /// Pixels, row by row.
  case image([Double])

  /// The value as one types it: shortest exact numbers, the text itself; empty for missing and pictures.
  public var text: RawText {
    switch self {
    case .missing, .image: ""
    case .number(let value): RawText(Decimal.shortest(value))
    case .integer(let value): RawText("\(value)")
    case .unsigned(let value): RawText("\(value)")
    case .flag(let value): RawText(value ? "true" : "false")
    case .text(let value): value
    }
  }

  /// The value as a number, where it is one.
  public var number: Double? {
    switch self {
    case .number(let value): value
    case .integer(let value): Double(value)
    case .unsigned(let value): Double(value)
    case .flag(let value): value ? 1 : 0
    case .missing, .text, .image: nil
    }
  }
}

/// Why a typed value does not fit its field.
public enum FieldProblem: Error, Hashable, Sendable {
  case required
  case notANumber(RawText)
  case notAnInteger(RawText)
  case outsideDatatype(RawText, Datatype)
  case outsideRange(RawText, ClosedRange<Double>)
  case unknownCategory(RawText, didYouMean: RawText?)
  case notAFlag(RawText)
  case wrongCount(Int, expected: Int)

  /// Whether the value can still be sent when the analyst insists: the type fits, only the expectation does not.
  public var canBeSentAnyway: Bool {
    switch self {
    case .outsideRange, .unknownCategory: true
    case .required, .notANumber, .notAnInteger, .outsideDatatype, .notAFlag, .wrongCount: false
    }
  }

  /// The problem as half a sentence that follows the field's name.
  public var text: String {
    switch self {
    case .required: "needs a value"
    case .notANumber(let text): "\(text.string) is not a number"
    case .notAnInteger(let text): "\(text.string) is not a whole number"
    case .outsideDatatype(let text, let datatype): "\(text.string) does not fit \(datatype.rawValue)"
    case .outsideRange(let text, let range): "\(text.string) is outside \(range.text)"
    case .unknownCategory(let text, let near):
      "\(text.string) is not one of its values" + (near.map { "; did you mean \($0.string)?" } ?? "")
    case .notAFlag(let text): "\(text.string) is neither true nor false"
    case .wrongCount(let count, let expected): "\(count) values where \(expected) are needed"
    }
  }
}

extension ClosedRange<Double> {
  /// `1–99`, as screens and messages write a range.
  public var text: String { "\(Decimal.shortest(lowerBound))–\(Decimal.shortest(upperBound))" }
}

extension Field {
  /// Reads a typed text as this field's value, exactly; the first rule that it breaks otherwise.
  public func value(of text: RawText) -> Result<FieldValue, FieldProblem> {
    let trimmed = text.trimmed
    if isOptional, trimmed.isEmpty { return .success(.missing) }
    switch kind {
    case .text: return .success(.text(text))
    case .category(let labels):
      if trimmed.isEmpty { return .failure(.required) }
      if labels.contains(trimmed) { return .success(.text(trimmed)) }
      return .failure(.unknownCategory(trimmed, didYouMean: Field.nearest(to: trimmed, in: labels)))
    case .flag:
      switch trimmed.string.lowercased() {
      case "": return .failure(.required)
      case "true", "1", "yes", "y": return .success(.flag(true))
      case "false", "0", "no", "n": return .success(.flag(false))
      default: return .failure(.notAFlag(trimmed))
      }
    case .number(let datatype):
      if trimmed.isEmpty { return .failure(.required) }
      guard let value = Field.decimal(trimmed.string) else { return .failure(.notANumber(trimmed)) }
      let limit = datatype.largestFinite
      let isWord = trimmed == "Infinity" || trimmed == "-Infinity"
      if !value.isNaN, !isWord, abs(value) > limit { return .failure(.outsideDatatype(trimmed, datatype)) }
      // A whole number that no double holds would arrive as another one: ids are often such.
      if let whole = Int64(trimmed.string), Int64(exactly: value) != whole {
        return .failure(.outsideDatatype(trimmed, datatype))
      }
      return .success(.number(value))
    case .integer(let datatype):
      if trimmed.isEmpty { return .failure(.required) }
      return integer(trimmed, datatype)
    case .image(let rows, let columns, _):
      let numbers = Field.numberList(trimmed.string)
      guard let numbers else { return .failure(.notANumber(trimmed)) }
      guard numbers.count == rows * columns else {
        return .failure(.wrongCount(numbers.count, expected: rows * columns))
      }
      return .success(.image(numbers))
    }
  }

  /// Whether a value of the right type is what the model's makers expect; nil when it is.
  public func doubt(about value: FieldValue) -> FieldProblem? {
    switch (kind, value) {
    case (.category(let labels), .text(let text)) where !labels.contains(text):
      return .unknownCategory(text, didYouMean: Field.nearest(to: text, in: labels))
    case (_, .image(let pixels)):
      guard let range, let wrong = pixels.first(where: { !range.contains($0) }) else { return nil }
      return .outsideRange(RawText(Decimal.shortest(wrong)), range)
    default:
      guard let range, let number = value.number, !range.contains(number) else { return nil }
      return .outsideRange(value.text, range)
    }
  }

  private func integer(_ text: RawText, _ datatype: Datatype) -> Result<FieldValue, FieldProblem> {
    let digits = text.string
    if let range = datatype.signedRange {
      if let value = Int64(digits) {
        return range.contains(value) ? .success(.integer(value)) : .failure(.outsideDatatype(text, datatype))
      }
    } else if let maximum = datatype.unsignedMaximum {
      if let value = UInt64(digits) {
        return value <= maximum ? .success(.unsigned(value)) : .failure(.outsideDatatype(text, datatype))
      }
    }
    guard let number = Field.decimal(digits) else { return .failure(.notANumber(text)) }
    return .failure(number == number.rounded() ? .outsideDatatype(text, datatype) : .notAnInteger(text))
  }

  /// A decimal number as people type it: also with U+2212 for minus, and the words of docs/predictions.md for what is
  /// no number; no hexadecimal.
  static func decimal(_ text: String) -> Double? {
    let plain = String(text.map { $0 == "−" ? "-" : $0 })
    switch plain {
    case "NaN": return .nan
    case "Infinity": return .infinity
    case "-Infinity": return -.infinity
    default: break
    }
    guard plain.utf8.allSatisfy({ "0123456789.eE+-".utf8.contains($0) }) else { return nil }
    return Double(plain)
  }

  static func numberList(_ text: String) -> [Double]? {
    var numbers: [Double] = []
    for part in text.split(whereSeparator: { ", ;\t\n[]".contains($0) }) {
      guard let number = decimal(String(part)) else { return nil }
      numbers.append(number)
    }
    return numbers
  }

  /// The label that differs least, if it is near: at most a third of its letters away.
  static func nearest(to text: RawText, in labels: [RawText]) -> RawText? {
    let wanted = Array(text.string.lowercased())
    let ranked = labels.map { ($0, EditDistance.between(wanted, Array($0.string.lowercased()))) }
    guard let best = ranked.min(by: { $0.1 < $1.1 }), best.1 <= max(1, best.0.string.count / 3) else { return nil }
    return best.0
  }
}

/// Levenshtein's distance: insertions, deletions and replacements.
public enum EditDistance {
  /// Edits that turn one sequence into the other.
  public static func between<Element: Equatable>(_ left: [Element], _ right: [Element]) -> Int {
    var row = Array(0...right.count)
    for (i, element) in left.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, other) in right.enumerated() {
        let above = row[j + 1]
        row[j + 1] = element == other ? diagonal : 1 + min(diagonal, above, row[j])
        diagonal = above
      }
    }
    return row[right.count]
  }
}

extension RawText {
  /// The bytes without ASCII white space at both ends.
  public var trimmed: RawText {
    let isSpace: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0D).contains($0) }
    guard let start = bytes.firstIndex(where: { !isSpace($0) }), let end = bytes.lastIndex(where: { !isSpace($0) })
    else { return "" }
    return RawText(bytes: bytes[start...end])
  }
}
