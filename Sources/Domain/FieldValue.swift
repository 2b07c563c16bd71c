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
  /// What a list holds, as its datatype has it.
  case list(Tensor.Elements)

  /// The value as one types it: shortest exact numbers, the text itself; empty for missing and pictures.
  public var text: RawText {
    switch self {
    case .missing, .image: ""
    case .number(let value): RawText(Decimal.shortest(value))
    case .integer(let value): RawText("\(value)")
    case .unsigned(let value): RawText("\(value)")
    case .flag(let value): RawText(value ? "true" : "false")
    case .text(let value): value
    case .list(let elements): elements.typed
    }
  }

  /// The value as a number, where it is one.
  public var number: Double? {
    switch self {
    case .number(let value): value
    case .integer(let value): Double(value)
    case .unsigned(let value): Double(value)
    case .flag(let value): value ? 1 : 0
    case .missing, .text, .image, .list: nil
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
  /// A list of that many, where the elements come in lots.
  case noMultiple(Int, of: Int)
  case listOfLists
  /// A tensor whose shape no list tells.
  case noForm

  /// Whether the value can still be sent when the analyst insists: the type fits, only the expectation does not.
  public var canBeSentAnyway: Bool {
    switch self {
    case .outsideRange, .unknownCategory: true
    case .required, .notANumber, .notAnInteger, .outsideDatatype, .notAFlag, .wrongCount, .noMultiple, .listOfLists,
      .noForm:
      false
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
    case .noMultiple(let count, let lot): "\(count) values where a multiple of \(lot) is needed"
    case .listOfLists: "takes one list, not several"
    case .noForm: "has more elements or open extents than a form can hold: a whole request fills it"
    }
  }
}

extension ClosedRange<Double> {
  /// `1–99`, as screens and messages write a range.
  public var text: String { "\(Decimal.shortest(lowerBound))–\(Decimal.shortest(upperBound))" }
}

/// Optimal string alignment: insertions, deletions, replacements, and swaps of neighbours, no part edited twice.
public enum EditDistance {
  /// Edits that turn one sequence into the other.
  public static func between<Element: Equatable>(_ left: [Element], _ right: [Element]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for i in left.indices {
      var row = [i + 1]
      for j in right.indices {
        var edits = left[i] == right[j] ? last[j] : 1 + min(last[j], last[j + 1], row[j])
        if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] { edits = min(edits, beforeLast[j - 1] + 1) }
        row.append(edits)
      }
      (beforeLast, last) = (last, row)
    }
    return last[right.count]
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
