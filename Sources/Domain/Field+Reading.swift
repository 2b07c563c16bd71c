extension Field {
  /// Reads a typed text as this field's value, exactly; the first rule that it breaks otherwise.
  public func value(of text: RawText) -> Result<FieldValue, FieldProblem> {
    do throws(FieldProblem) {
      return .success(try read(text))
    } catch {
      return .failure(error)
    }
  }

  private func read(_ text: RawText) throws(FieldProblem) -> FieldValue {
    let trimmed = text.trimmed
    if isOptional, trimmed.isEmpty { return .missing }
    switch kind {
    case .text: return .text(text)
    case .category(let labels):
      if trimmed.isEmpty { throw .required }
      if labels.contains(trimmed) { return .text(trimmed) }
      throw .unknownCategory(trimmed, didYouMean: Field.nearest(to: trimmed, in: labels))
    case .flag: return .flag(try Field.flag(trimmed))
    case .number(let datatype): return .number(try Field.number(trimmed, datatype))
    case .integer(let datatype):
      if let range = datatype.signedRange { return .integer(try Field.signed(trimmed, datatype, in: range)) }
      return .unsigned(try Field.unsigned(trimmed, datatype, upTo: datatype.unsignedMaximum ?? 0))
    case .list(let datatype): return .list(try list(text, datatype))
    case .open: throw .noForm
    case .image(let rows, let columns, _):
      guard let numbers = Field.numberList(trimmed.string) else { throw .notANumber(trimmed) }
      guard numbers.count == rows * columns else { throw .wrongCount(numbers.count, expected: rows * columns) }
      return .image(numbers)
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
    case (_, .list(let elements)):
      guard let range, let wrong = elements.numbers?.firstIndex(where: { !range.contains($0) }) else { return nil }
      return .outsideRange(elements.text(at: wrong), range)
    default:
      guard let range, let number = value.number, !range.contains(number) else { return nil }
      return .outsideRange(value.text, range)
    }
  }

  static func flag(_ text: RawText) throws(FieldProblem) -> Bool {
    switch text.string.lowercased() {
    case "": throw .required
    case "true", "1", "yes", "y": return true
    case "false", "0", "no", "n": return false
    default: throw .notAFlag(text)
    }
  }

  static func number(_ text: RawText, _ datatype: Datatype) throws(FieldProblem) -> Double {
    if text.isEmpty { throw .required }
    guard let value = decimal(text.string) else { throw .notANumber(text) }
    let isWord = text == "Infinity" || text == "-Infinity"
    if !value.isNaN, !isWord, abs(value) > datatype.largestFinite { throw .outsideDatatype(text, datatype) }
    // A whole number that no double holds would arrive as another one: ids are often such.
    if let whole = Int64(text.string), Int64(exactly: value) != whole { throw .outsideDatatype(text, datatype) }
    return value
  }

  static func signed(
    _ text: RawText, _ datatype: Datatype, in range: ClosedRange<Int64>
  ) throws(FieldProblem) -> Int64 {
    guard let value = Int64(text.string) else { throw notWhole(text, datatype) }
    guard range.contains(value) else { throw .outsideDatatype(text, datatype) }
    return value
  }

  static func unsigned(_ text: RawText, _ datatype: Datatype, upTo maximum: UInt64) throws(FieldProblem) -> UInt64 {
    guard let value = UInt64(text.string) else { throw notWhole(text, datatype) }
    guard value <= maximum else { throw .outsideDatatype(text, datatype) }
    return value
  }

  /// Why a text is no integer of a type.
  private static func notWhole(_ text: RawText, _ datatype: Datatype) -> FieldProblem {
    if text.isEmpty { return .required }
    guard let number = decimal(text.string) else { return .notANumber(text) }
    return number == number.rounded() ? .outsideDatatype(text, datatype) : .notAnInteger(text)
  }

  /// A decimal number as people type it: also with U+2212 for minus, and the words of docs/predictions.md for what is
  /// no number; no hexadecimal.
  public static func decimal(_ text: String) -> Double? {
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
    for part in text.split(whereSeparator: { ", ;\t\n[]\"".contains($0) }) {
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
