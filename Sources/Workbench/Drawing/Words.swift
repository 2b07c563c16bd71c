internal import Domain
internal import Frames
internal import SafeText

extension RawText {
  /// The text as it may be drawn.
  var safe: SafeText { SafeText(bytes: bytes) }
}

extension String {
  /// The text as it may be drawn.
  var safe: SafeText { SafeText(self) }
}

extension ModelID {
  /// `wine v2`; the name alone where there is no version.
  var title: SafeText { version.map { name.safe + " v" + $0.safe } ?? name.safe }
}

extension Model {
  /// `wine v2`, a pipeline or an experiment by its own name.
  var title: SafeText { version.map { name.safe + " v" + $0.safe } ?? name.safe }
}

extension ModelKind {
  /// The kind as a list has room for it; nothing for a model.
  var short: SafeText {
    switch self {
    case .model: .empty
    case .pipeline: "pipe"
    case .experiment: "exp"
    }
  }
}

extension ModelState {
  /// Glyph and word, with the role of both.
  var sign: (glyph: SafeText, style: Style) {
    switch self {
    case .ready: ("●", .ok)
    case .loading: ("◐", .info)
    case .degraded: ("▲", .warn)
    case .failed: ("✗", .bad)
    case .stopped: ("○", .dim)
    case .unknown: ("·", .dim)
    }
  }
}

extension EventState {
  /// Glyph and word, with the role of both.
  var sign: (glyph: SafeText, style: Style) {
    switch self {
    case .saved: ("○", .plain)
    case .sent: ("◐", .info)
    case .received: ("●", .ok)
    case .archived: ("✓", .ok)
    case .wedged: ("✗", .bad)
    }
  }
}

extension Verdict {
  var word: SafeText {
    switch self {
    case .agree: "agree"
    case .disagree: "disagree"
    case .unsure: "unsure"
    case .skip: "skip"
    }
  }
}

extension Judgement {
  /// `disagree → class_0   confidence 4/5   one-off value`.
  var summary: SafeText {
    var parts: [SafeText] = []
    if let verdict {
      var word = verdict.word
      if let rightText { word += " → " + rightText.safe }
      if verdict == .skip, skipsForOthers { word += " for others too" }
      parts.append(word)
    } else if let rightText {
      parts.append(rightText.safe)
    }
    if let confidence { parts.append("confidence \(confidence)/5".safe) }
    parts += reasons.map(\.safe)
    if !note.isEmpty { parts.append("“" + note.safe + "”") }
    return parts.joined(separator: "   ")
  }
}

extension Probe {
  /// The answer in a line: `hours_per_week 40 → 20: .73 → .71, still >50K`.
  var sentence: String {
    let change = SafeText.change(from.safe, to.safe, columns: 20)
    let label = (isFlip ? ", becomes " : ", still ") + newLabel.safe.text
    let numbers = Numeral.decimal(before) + " → " + Numeral.decimal(after)
    return field.safe.cutMiddle(to: 16).text + " " + change.text + ": " + numbers.text + label
  }
}

extension Case {
  /// The case as breadcrumbs name it: `case 8841 3fa9c1`.
  var title: SafeText { "case ".safe + name.safe }
}

extension Numeral {
  /// A number of the data in about three digits: `475.6`, `39.1`, `.034`.
  static func short(_ value: Double) -> SafeText {
    switch value.magnitude {
    case 100...: decimal(value, places: 0)
    case 10..<100: decimal(value, places: 1)
    default: value == value.rounded() ? decimal(value, places: 0) : decimal(value, places: 2)
    }
  }
}

extension StyledText {
  /// The text alone.
  var plain: String { spans.map(\.text.text).joined() }
}
