/// One place of a frame: a character with its marks, and a style.
public struct Cell: Hashable, Sendable {
  /// How many cells the character takes, or that it is drawn from the left.
  public enum Span: UInt8, Hashable, Sendable {
    /// The right half of the wide character before.
    case continuation
    case narrow
    case wide
  }

  public internal(set) var scalar: Unicode.Scalar
  public internal(set) var span: Span
  public var style: Style
  /// Marks that stand on the character; nearly always empty.
  public internal(set) var marks: String

  /// A space.
  public static let blank = Cell(scalar: " ", span: .narrow, style: .plain, marks: "")

  /// Whether the cell shows nothing but, perhaps, a style.
  public var isBlank: Bool { scalar == " " && marks.isEmpty && span == .narrow }
}
