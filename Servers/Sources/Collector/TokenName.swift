/// Names of analysts and devices as tokens have them: they stand in lists, in exports and beside each judgement.
public enum TokenName {
  /// What is wrong with a name; nil for a good one.
  public static func fault(in name: String) -> String? {
    if name.isEmpty { return "is empty" }
    if let fault = fault(inFormer: name) { return fault }
    let (first, last) = (name.unicodeScalars.first, name.unicodeScalars.last)
    return [first, last].contains { $0?.properties.isWhitespace == true } ? "begins or ends with a blank" : nil
  }

  /// The same for a name of before, which a configuration may have with blanks at its ends.
  public static func fault(inFormer name: String) -> String? {
    if name.isEmpty { return "is empty" }
    let isOdd = name.unicodeScalars.contains { scalar in
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator: true
      default: false
      }
    }
    return isOdd ? "has a line break or another control character" : nil
  }
}
