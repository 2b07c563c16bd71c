/// How a role looks: a colour of the terminal's palette, if any, and attributes.
public struct Ink: Hashable, Sendable {
  /// The colour where 256 are to be had, 0–255; nil for the terminal's own.
  public var colour: UInt8?
  /// The colour where only 16 or 8 are to be had, 0–15.
  public var basicColour: UInt8?
  public var bold: Bool
  public var dim: Bool
  public var underline: Bool
  public var reverse: Bool

  public init(
    colour: UInt8? = nil, basicColour: UInt8? = nil, bold: Bool = false, dim: Bool = false, underline: Bool = false,
    reverse: Bool = false
  ) {
    self.colour = colour
    self.basicColour = basicColour ?? colour.flatMap { $0 < 16 ? $0 : nil }
    self.bold = bold
    self.dim = dim
    self.underline = underline
    self.reverse = reverse
  }

  /// The colour to ask of a terminal that has `available` of them; nil for the terminal's own.
  public func colour(of available: Int) -> UInt8? {
    if let colour, Int(colour) < available { return colour }
    guard let basicColour else { return nil }
    if Int(basicColour) < available { return basicColour }
    return available >= 8 ? basicColour % 8 : nil
  }
}

extension Ink: LosslessStringConvertible {
  private static let attributes = ["default", "bold", "dim", "underline", "reverse"]
  private static let names = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"]

  /// Every word that an ink may be written with, beside numbers.
  public static var words: [String] { attributes + names + names.map { "bright-" + $0 } }

  /// Words in any order: `bold`, `dim`, `underline`, `reverse`, `default`, and a colour: its name, `bright-` and its
  /// name, a number 0–255, or two of them as `214/yellow` for 256 and for fewer colours.
  public init?(_ description: String) {
    self.init()
    for word in description.lowercased().split(separator: " ") {
      switch word {
      case "default": break
      case "bold": bold = true
      case "dim": dim = true
      case "underline": underline = true
      case "reverse": reverse = true
      default:
        let parts = word.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, colour == nil, let first = Self.number(parts[0]) else { return nil }
        colour = first
        basicColour = first < 16 ? first : nil
        if parts.count == 2 {
          guard let second = Self.number(parts[1]), second < 16 else { return nil }
          basicColour = second
        }
      }
    }
  }

  public var description: String {
    var words: [String] = []
    if bold { words.append("bold") }
    if dim { words.append("dim") }
    if underline { words.append("underline") }
    if reverse { words.append("reverse") }
    if let colour {
      let basic = basicColour.flatMap { $0 == colour ? nil : "/" + Self.name($0) } ?? ""
      words.append(Self.name(colour) + basic)
    }
    return words.isEmpty ? "default" : words.joined(separator: " ")
  }

  private static func number(_ word: Substring) -> UInt8? {
    if let index = names.firstIndex(of: String(word)) { return UInt8(index) }
    if word.hasPrefix("bright-"), let index = names.firstIndex(of: String(word.dropFirst(7))) {
      return UInt8(index + 8)
    }
    return UInt8(word)
  }

  private static func name(_ colour: UInt8) -> String {
    switch colour {
    case 0..<8: names[Int(colour)]
    case 8..<16: "bright-" + names[Int(colour) - 8]
    default: String(colour)
    }
  }
}
