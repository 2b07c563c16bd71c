internal import Domain
public import Frames

/// A theme as a file gives it: what each role looks like, and the backgrounds it is made for.
public struct ThemeFile: Hashable, Sendable {
  public var theme: Theme
  public var summary: String
  /// The backgrounds on which its colours can be read; empty where it claims none.
  public var backgrounds: [Colour]
  /// Where in the file each role stands.
  private(set) var lines: [Role: Int] = [:]

  public init(theme: Theme, summary: String = "", backgrounds: [Colour] = []) {
    self.theme = theme
    self.summary = summary
    self.backgrounds = backgrounds
  }

  public var name: String { theme.name }

  /// The themes that need no file.
  public static var builtIn: [ThemeFile] { Theme.builtIn.map { ThemeFile(theme: $0) } }

  /// Reads a theme file; `name` is what the theme is called.
  public init(parsing bytes: [UInt8], name: String) throws(Mistakes) {
    var reader = TableReader(try Document(bytes).root, title: "the theme")
    self.init(theme: Theme(name: name), summary: reader.string("summary") ?? "")
    for text in reader.strings("backgrounds", example: "[\"#000000\"]") ?? [] {
      if let colour = Colour(text) {
        backgrounds.append(colour)
      } else {
        reader.note(
          Mistake(
            line: reader.line(of: "backgrounds"), what: "\(quoted(text)) is no colour",
            advice: "backgrounds are written #rrggbb"))
      }
    }
    if let roles = reader.node("roles") { reader.note(readRoles(roles)) }
    let mistakes = reader.finish(
      others: Dictionary(uniqueKeysWithValues: Role.allCases.map { ($0.name, "roles stand under [roles]") }))
    if !mistakes.isEmpty { throw Mistakes(mistakes) }
  }

  private mutating func readRoles(_ node: Node) -> [Mistake] {
    var reader = TableReader(node, title: "[roles]")
    for role in Role.allCases {
      guard let line = reader.node(role.name)?.line, let text = reader.string(role.name) else { continue }
      if let ink = ThemeFile.ink(text) {
        theme[role] = ink
        lines[role] = line
      } else {
        reader.note(
          Mistake(
            line: line, what: "\(role.name) cannot look like \(quoted(text))",
            advice: ThemeFile.suggestion(for: text)
              ?? "write default, bold, dim, underline, reverse and a colour: its name, 0–255, #rrggbb, or two as "
              + "214/yellow for 256 and for 16 colours"))
      }
    }
    return reader.finish()
  }

  /// What was meant by the first word that no ink has.
  private static func suggestion(for text: String) -> String? {
    let parts = text.lowercased().split { $0 == " " || $0 == "/" }.map(String.init)
    guard let wrong = parts.first(where: { ink($0) == nil }) else { return nil }
    return EditDistance.nearest(to: wrong, in: Ink.words).map { "did you mean \($0)?" }
  }

  /// An ink as people write it: as `Ink` reads it, and `#rrggbb` for the nearest of the 256.
  static func ink(_ text: String) -> Ink? {
    let words = text.split(separator: " ").map { word -> String in
      let parts = word.split(separator: "/", omittingEmptySubsequences: false).map { part in
        Colour(String(part)).map { String(Palette.nearest(to: $0)) } ?? String(part)
      }
      return parts.joined(separator: "/")
    }
    return Ink(words.joined(separator: " "))
  }
}

/// A role that cannot be read well on a background.
public struct WeakContrast: Hashable, Sendable {
  public var role: Role
  /// Where in its file it stands.
  public var line: Int
  public var background: Colour
  public var contrast: Double
  /// What it is to have: 4.5 for words, 3 for bars and heat.
  public var needed: Double
}

extension ThemeFile {
  /// The roles that lack contrast on a background the theme claims. The 16 colours that are the terminal's own, and
  /// its text and background, are not ours to judge.
  public var weakContrasts: [WeakContrast] {
    backgrounds.flatMap { background in
      Role.allCases.compactMap { role in
        guard let colour = theme[role].colour.flatMap({ Palette.colour($0) }) else { return nil }
        let needed = role.isData ? 3 : 4.5
        let contrast = colour.contrast(with: background)
        return contrast >= needed
          ? nil
          : WeakContrast(
            role: role, line: lines[role] ?? 1, background: background, contrast: contrast, needed: needed)
      }
    }
  }
}

extension Role {
  /// The name in a theme file.
  public var name: String { self == .text ? "text" : Style(role: self).description }

  /// Whether it is for bars and heat, never for words.
  var isData: Bool {
    switch self {
    case .positive, .negative, .heatLow, .heatHigh: true
    case .text, .dim, .accent, .select, .ok, .warn, .bad, .info: false
    }
  }
}
