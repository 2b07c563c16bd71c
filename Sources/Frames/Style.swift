/// What a piece of a screen means; the theme says how that looks.
public enum Role: UInt8, CaseIterable, Hashable, Sendable {
  /// The terminal's own colours.
  case text
  /// Rules, hints, absent values.
  case dim
  /// What has the focus.
  case accent
  /// The mark of the selected row.
  case select
  /// States, always beside a word.
  case ok, warn, bad, info
  /// Data that speaks for and against; each also has a sign and a side.
  case positive, negative
  /// The ends of a heat scale.
  case heatLow, heatHigh
}

/// How a cell is drawn: a role, not a colour, so that a theme and a terminal without colours can answer it.
public struct Style: Hashable, Sendable {
  public var role: Role
  public var bold: Bool
  public var underline: Bool
  public var reverse: Bool

  public init(role: Role = .text, bold: Bool = false, underline: Bool = false, reverse: Bool = false) {
    self.role = role
    self.bold = bold
    self.underline = underline
    self.reverse = reverse
  }

  public static let plain = Style()
  public static let bold = Style(bold: true)
  public static let reverse = Style(reverse: true)
  public static let underline = Style(underline: true)
  public static let dim = Style(role: .dim)
  public static let accent = Style(role: .accent)
  public static let select = Style(role: .select)
  public static let ok = Style(role: .ok)
  public static let warn = Style(role: .warn)
  public static let bad = Style(role: .bad)
  public static let info = Style(role: .info)
  public static let positive = Style(role: .positive)
  public static let negative = Style(role: .negative)
  public static let heatLow = Style(role: .heatLow)
  public static let heatHigh = Style(role: .heatHigh)
}

extension Style: CustomStringConvertible {
  /// `dim`, `bold`, `warn+bold`, …; `plain` for the terminal's own.
  public var description: String {
    var words: [String] = []
    switch role {
    case .text: break
    case .dim: words.append("dim")
    case .accent: words.append("accent")
    case .select: words.append("select")
    case .ok: words.append("ok")
    case .warn: words.append("warn")
    case .bad: words.append("bad")
    case .info: words.append("info")
    case .positive: words.append("pos")
    case .negative: words.append("neg")
    case .heatLow: words.append("heat-lo")
    case .heatHigh: words.append("heat-hi")
    }
    if bold { words.append("bold") }
    if underline { words.append("underline") }
    if reverse { words.append("reverse") }
    return words.isEmpty ? "plain" : words.joined(separator: "+")
  }
}
