internal import Domain

/// What Label Studio is to ask, in its XML: with the classes and reasons that the tasks have.
struct LabelingConfig {
  private var classes = LabelSet()
  private var reasons = LabelSet()
  /// Whether a model answers with a number.
  var hasNumbers = false

  var labels: [RawText] { classes.labels }

  /// The class as it stands in XML, and so must stand in results.
  @discardableResult mutating func add(_ label: RawText) -> RawText {
    let safe = LabelingConfig.safe(label)
    classes.add(safe)
    return safe
  }

  /// The same for the code of a reason.
  mutating func add(reason: RawText) -> RawText {
    let safe = LabelingConfig.safe(reason)
    reasons.add(safe)
    return safe
  }

  var xml: String {
    var lines = ["<View>", #"  <Text name="text" value="$text"/>"#]
    lines += choices("label", classes.labels, "single")
    if hasNumbers { lines.append(#"  <Number name="value" toName="text"/>"#) }
    lines += choices("verdict", ["agree", "disagree", "unsure"], "single")
    lines.append(#"  <Rating name="confidence" toName="text" maxRating="5"/>"#)
    lines += choices("reasons", reasons.labels, "multiple")
    lines += [#"  <TextArea name="note" toName="text"/>"#, "</View>"]
    return lines.joined(separator: "\n") + "\n"
  }

  private func choices(_ name: String, _ values: [RawText], _ choice: String) -> [String] {
    guard !values.isEmpty else { return [] }
    return [#"  <Choices name="\#(name)" toName="text" choice="\#(choice)">"#]
      + values.map { #"    <Choice value="\#(LabelingConfig.escaped($0.string))"/>"# } + ["  </Choices>"]
  }

  /// The text with U+FFFD for what no XML may have.
  private static func safe(_ text: RawText) -> RawText {
    var scalars = String.UnicodeScalarView()
    for scalar in text.string.unicodeScalars {
      let isAllowed = scalar.value >= 0x20 || "\t\n\r".unicodeScalars.contains(scalar)
      scalars.append(isAllowed && scalar.value != 0xFFFE && scalar.value != 0xFFFF ? scalar : "\u{FFFD}")
    }
    return RawText(String(scalars))
  }

  /// Line ends and tabs by number: readers of attributes make blanks of them.
  private static func escaped(_ text: String) -> String {
    text.unicodeScalars.map { scalar in
      switch scalar {
      case "&": "&amp;"
      case "<": "&lt;"
      case ">": "&gt;"
      case "\"": "&quot;"
      case "\t", "\n", "\r": "&#\(scalar.value);"
      default: String(scalar)
      }
    }.joined()
  }
}
