extension JSON {
  /// The value as one types it into a form: the values of a list with blanks between them, its lists with semicolons,
  /// and as JSON where texts are among them, which so keep their ends.
  public var typed: RawText {
    switch self {
    case .null: return ""
    case .string(let text): return text
    case .bool(let flag): return flag ? "true" : "false"
    // JSON text has no NaN, but Python writes it, and a form takes it.
    case .number(let number) where number.isNaN: return "NaN"
    case .array(let values):
      // What alone stands in a list is meant itself.
      if values.count == 1, values[0].array != nil { return values[0].typed }
      if values.count == 1, values[0].text.map(\.standsAlone) ?? true { return values[0].typed }
      if holdsText { return RawText(bytes: serialized) }
      let separator = values.contains { $0.array != nil } ? "; " : " "
      return RawText(values.map(\.typed.string).joined(separator: separator))
    case .integer, .unsigned, .number, .object: return RawText(serializedString)
    }
  }

  /// Whether a text stands in a list, or in a list of it.
  private var holdsText: Bool {
    switch self {
    case .string: true
    case .array(let values): values.contains(where: \.holdsText)
    default: false
    }
  }
}
