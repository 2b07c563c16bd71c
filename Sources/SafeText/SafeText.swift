/// Text that is safe to draw, print or log, with its width in terminal cells.
///
/// The only door from outside bytes to a screen: whatever was in them, a `SafeText` holds no control character, no
/// line break, nothing that turns or hides text, at most four marks on a character, and starts with no mark.
/// What it shows instead is visible: `␛` for ESC, `⏎` for a line break, `‹RLO›`, `‹9B›`, `‹xFF›` for a stray byte,
/// U+FFFD for what is no character. Two of them are equal when their bytes are.
public struct SafeText: Sendable {
  /// The safe text itself, one line.
  public let text: String
  /// The cells it takes: 0 for a mark, 2 for wide East Asian characters and emoji, 1 for the rest.
  public let width: Int

  /// Makes any text safe.
  public init(_ string: String) {
    self = Sanitizer.line(string)
  }

  /// Reads UTF-8; a byte that is none of it is shown as `‹xFF›`.
  public init(bytes: some Sequence<UInt8>) {
    self.init(Sanitizer.decode(Array(bytes)))
  }

  /// Only for text that is known to be safe, with its width.
  init(trusted text: String, width: Int) {
    self.text = text
    self.width = width
  }

  /// Nothing, 0 cells wide.
  public static let empty = SafeText(trusted: "", width: 0)

  /// `count` spaces.
  public static func spaces(_ count: Int) -> SafeText {
    SafeText(trusted: String(repeating: " ", count: max(0, count)), width: max(0, count))
  }

  /// The text over and over, `count` times.
  public init(repeating text: SafeText, count: Int) {
    self.init(trusted: String(repeating: text.text, count: max(0, count)), width: text.width * max(0, count))
  }

  public var isEmpty: Bool { text.isEmpty }

  public static func + (left: SafeText, right: SafeText) -> SafeText {
    SafeText(trusted: left.text + right.text, width: left.width + right.width)
  }

  public static func += (left: inout SafeText, right: SafeText) {
    left = left + right
  }

  /// The cells that one scalar takes when it is drawn as it is.
  public static func width(of scalar: Unicode.Scalar) -> Int {
    switch ScalarKind(scalar) {
    case .wide: 2
    case .mark, .variation, .joiner: 0
    case .narrow, .lineBreak, .tab, .shown: 1
    }
  }
}

extension SafeText: Hashable {
  // Not String's equality: that one is canonical, and would merge two names that differ in bytes.
  public static func == (left: SafeText, right: SafeText) -> Bool {
    left.width == right.width && left.text.utf8.elementsEqual(right.text.utf8)
  }

  public func hash(into hasher: inout Hasher) {
    var text = text
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}

extension SafeText: ExpressibleByStringLiteral {
  public init(stringLiteral value: StaticString) {
    self.init(value.description)
  }
}

extension SafeText: CustomStringConvertible {
  public var description: String { text }
}

extension Sequence<SafeText> {
  /// The texts one after another, with `separator` between them.
  public func joined(separator: SafeText = .empty) -> SafeText {
    var text = ""
    var width = 0
    var isFirst = true
    for part in self {
      if !isFirst {
        text += separator.text
        width += separator.width
      }
      isFirst = false
      text += part.text
      width += part.width
    }
    return SafeText(trusted: text, width: width)
  }
}
