/// A key of a terminal.
public enum Key: Hashable, Sendable {
  /// A printable character, shift included.
  case text(Unicode.Scalar)
  /// Ctrl and a character of `@A–Z[\]^_`; Tab, Enter, Backspace and Esc have names of their own.
  case control(Unicode.Scalar)
  case alt(Unicode.Scalar)
  case up, down, left, right, home, end, pageUp, pageDown, insert, delete
  case enter, tab, backTab, backspace, escape
  /// F1 to F24.
  case function(Int)
}

extension Key: LosslessStringConvertible {
  private static let names: [(Key, String)] = [
    (.up, "Up"), (.down, "Down"), (.left, "Left"), (.right, "Right"), (.home, "Home"), (.end, "End"), (.pageUp, "PgUp"),
    (.pageDown, "PgDn"), (.insert, "Ins"), (.delete, "Del"), (.enter, "⏎"), (.tab, "⇥"), (.backTab, "S-⇥"),
    (.backspace, "Bksp"), (.escape, "Esc"), (.text(" "), "space"),
  ]
  private static let otherNames: [(String, Key)] = [
    ("↑", .up), ("↓", .down), ("←", .left), ("→", .right), ("pageup", .pageUp), ("pagedown", .pageDown),
    ("insert", .insert), ("delete", .delete), ("enter", .enter), ("return", .enter), ("tab", .tab),
    ("s-tab", .backTab), ("shift-tab", .backTab), ("backtab", .backTab), ("backspace", .backspace),
    ("escape", .escape), ("spc", .text(" ")),
  ]

  /// The name that the footer and the manual show: `j`, `^D`, `M-x`, `PgDn`, `⏎`, `Esc`, `F12`, `space`.
  public var description: String {
    if let name = Self.names.first(where: { $0.0 == self }) { return name.1 }
    return switch self {
    case .text(let scalar): String(scalar)
    case .control(let scalar): "^\(scalar)"
    case .alt(let scalar): scalar == " " ? "M-space" : "M-\(scalar)"
    case .function(let number): "F\(number)"
    default: ""
    }
  }

  /// Reads a name as `description` writes it; also `Ctrl-D`, `C-d`, `Alt-x`, `Enter`, `Tab`, `Space` and the like.
  public init?(_ description: String) {
    let scalars = Array(description.unicodeScalars)
    if scalars.count == 1, let only = scalars.first {
      if let known = Self.names.first(where: { $0.1 == description }) {
        self = known.0
      } else if let known = Self.otherNames.first(where: { $0.0 == description }) {
        self = known.1
      } else if only.value >= 0x20, only.value != 0x7F, !(0x80..<0xA0).contains(only.value) {
        self = .text(only)
      } else {
        return nil
      }
      return
    }
    let lower = description.lowercased()
    if let known = Self.names.first(where: { $0.1.lowercased() == lower }) {
      self = known.0
    } else if let known = Self.otherNames.first(where: { $0.0 == lower }) {
      self = known.1
    } else if lower.hasPrefix("f"), let number = Int(lower.dropFirst()), (1...24).contains(number) {
      self = .function(number)
    } else if let rest = Self.rest(of: description, after: ["^", "C-", "c-", "Ctrl-", "ctrl-", "Ctrl+", "ctrl+"]) {
      guard let scalar = rest.uppercased().unicodeScalars.first, rest.unicodeScalars.count == 1 else { return nil }
      switch scalar.value {
      case 0x48: self = .backspace
      case 0x49: self = .tab
      case 0x4D: self = .enter
      case 0x5B: self = .escape
      case 0x40...0x5F: self = .control(scalar)
      case 0x20: self = .control("@")
      default: return nil
      }
    } else if let rest = Self.rest(of: description, after: ["M-", "m-", "Alt-", "alt-", "Alt+", "alt+"]) {
      if rest.lowercased() == "space" {
        self = .alt(" ")
      } else if let scalar = rest.unicodeScalars.first, rest.unicodeScalars.count == 1, scalar.value > 0x20 {
        self = .alt(scalar)
      } else {
        return nil
      }
    } else {
      return nil
    }
  }

  private static func rest(of text: String, after prefixes: [String]) -> String? {
    prefixes.first { text.hasPrefix($0) && text.count > $0.count }.map { String(text.dropFirst($0.count)) }
  }
}
