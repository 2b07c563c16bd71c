/// What a program writes to its terminal, each byte accounted for: text, sequences of allowed shapes, or a fault.
///
/// A shape is what a sequence is called without its numbers: `CSI H`, `CSI m`, `ESC 7`, `OSC 2`, `^H`. Modes, window
/// commands and questions are told apart by their numbers: `CSI ?25h`, `CSI 22;2t`.
public struct OutputAudit: Sendable {
  /// The sequences that mds writes beside what terminfo says of the terminal; docs/terminal.md lists them.
  public static let own: Set<String> = [
    "CSI ?2004h", "CSI ?2004l", "CSI ?1004h", "CSI ?1004l", "CSI ?1000h", "CSI ?1000l", "CSI ?1006h", "CSI ?1006l",
    "CSI ?1002l", "CSI ?1003l", "CSI ?6l", "CSI ?7h", "CSI 4l", "ESC (B", "^O", "CSI 22;2t", "CSI 23;2t", "CSI c",
    "OSC 2", "OSC 11", "OSC 52",
  ]
  /// Characters of a title.
  static let longestTitle = 512
  /// Bytes of OSC 52.
  static let longestCopy = 100_000

  /// How often each shape was written, and `text`, in characters.
  public private(set) var counts: [String: Int] = [:]
  /// What was neither text nor of an allowed shape, the first twenty, with their places in the output.
  public private(set) var faults: [String] = []

  private enum State: Sendable {
    case ground, escape, intermediate, sequence, string(UInt8), stringEscape(UInt8)
  }

  private let allowed: Set<String>
  private let isASCII: Bool
  private var state = State.ground
  private var bytes: [UInt8] = []
  private var missing = 0
  private var place = 0

  /// - Parameters:
  ///   - shapes: the shapes that may be written.
  ///   - isASCII: whether text may hold nothing else.
  public init(allowing shapes: Set<String>, isASCII: Bool = false) {
    allowed = shapes
    self.isASCII = isASCII
  }

  /// Whether no sequence and no character is begun and not ended.
  public var isAtRest: Bool {
    if case .ground = state { return missing == 0 }
    return false
  }

  /// Takes what a program wrote.
  public mutating func feed(_ output: some Sequence<UInt8>) {
    for byte in output {
      step(byte)
      place += 1
    }
  }

  /// The shapes of the sequences in a text.
  public static func shapes(in text: some Sequence<UInt8>) -> Set<String> {
    var audit = OutputAudit(allowing: [])
    audit.feed(text)
    return Set(audit.counts.keys).subtracting(["text"])
  }

  private mutating func step(_ byte: UInt8) {
    switch state {
    case .ground: ground(byte)
    case .escape: escape(byte)
    case .intermediate:
      bytes.append(byte)
      end("ESC " + Self.name(bytes))
    case .sequence:
      bytes.append(byte)
      if (0x40...0x7E).contains(byte) {
        finishSequence()
      } else if !(0x20...0x3F).contains(byte) || bytes.count > 64 {
        fault("a CSI that is none: " + Self.name(bytes))
      }
    case .string(let opener):
      if byte == 0x1B {
        state = .stringEscape(opener)
      } else if byte == 0x07 {
        finishString(opener)
      } else {
        bytes.append(byte)
        if bytes.count > Self.longestCopy + 8 { fault("a string without an end") }
      }
    case .stringEscape(let opener):
      if byte == 0x5C { finishString(opener) } else { fault("a string that ESC ends") }
    }
  }

  private mutating func ground(_ byte: UInt8) {
    if missing > 0 {
      bytes.append(byte)
      guard byte & 0xC0 == 0x80 else { return fault("no UTF-8: " + Self.name(bytes)) }
      missing -= 1
      if missing == 0 { text(bytes) }
      return
    }
    switch byte {
    case 0x1B:
      bytes = []
      state = .escape
    case 0..<0x20: end("^" + String(Unicode.Scalar(byte | 0x40)))
    case 0x20..<0x7F: counts["text", default: 0] += 1
    case 0xC2...0xF4:
      bytes = [byte]
      missing = byte < 0xE0 ? 1 : byte < 0xF0 ? 2 : 3
    default:
      bytes = [byte]
      fault("no UTF-8: " + Self.name(bytes))
    }
  }

  private mutating func text(_ bytes: [UInt8]) {
    let characters = String(decoding: bytes, as: UTF8.self).unicodeScalars
    guard let wrong = characters.first(where: { !mayStand($0) }) else {
      counts["text", default: 0] += characters.count
      return
    }
    fault("U+" + String(wrong.value, radix: 16, uppercase: true))
  }

  /// Whether a character is one that a terminal draws, and neither steers nor hides others.
  private func mayStand(_ scalar: Unicode.Scalar) -> Bool {
    if isASCII, !scalar.isASCII { return false }
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .lineSeparator, .paragraphSeparator: return false
    // What was no UTF-8 decodes to this, and so does what the workbench shows for it.
    default: return !scalar.properties.isVariationSelector
    }
  }

  private mutating func escape(_ byte: UInt8) {
    switch byte {
    case 0x5B: state = .sequence
    case 0x5D, 0x50, 0x5E, 0x5F, 0x58: state = .string(byte)
    case 0x20...0x2F:
      bytes.append(byte)
      state = .intermediate
    case 0x30...0x7E: end("ESC " + Self.name([byte]))
    default: fault("ESC and " + Self.name([byte]))
    }
  }

  private mutating func finishSequence() {
    let final = Self.name([bytes.removeLast()])
    let prefix = Self.name(Array(bytes.prefix { (0x3C...0x3F).contains($0) }))
    let rest = bytes.dropFirst(prefix.utf8.count)
    let between = Self.name(Array(rest.drop { !(0x20...0x2F).contains($0) }))
    let numbers = rest.dropLast(between.utf8.count)
    let values = numbers.split(whereSeparator: { $0 == 0x3B || $0 == 0x3A })
    if values.count > 16 || values.contains(where: { $0.count > 4 }) {
      return fault("CSI with numbers out of bounds: " + Self.name(bytes))
    }
    let isNamed = "hltcnq".contains(final)
    end("CSI " + prefix + (isNamed ? Self.name(Array(numbers)) : "") + between + final)
  }

  private mutating func finishString(_ opener: UInt8) {
    let text = String(decoding: bytes, as: UTF8.self)
    let number = text.prefix { $0 != ";" }
    if !text.utf8.elementsEqual(bytes) || !text.unicodeScalars.allSatisfy(mayStand) {
      return fault("a string with what is no text: \(text)")
    }
    switch opener {
    case 0x5D where number == "52" || text.unicodeScalars.count <= Self.longestTitle: end("OSC \(number)")
    // What the tests themselves write, to know how far a screen has come.
    case 0x5F where text.hasPrefix("settled-"): end("mark")
    default: fault("a string: ESC \(Self.name([opener])) \(text.prefix(80))")
    }
  }

  private mutating func end(_ shape: String) {
    state = .ground
    bytes = []
    counts[shape, default: 0] += 1
    if !allowed.contains(shape), shape != "mark" { note(shape) }
  }

  private mutating func fault(_ what: String) {
    state = .ground
    bytes = []
    missing = 0
    note(what)
  }

  private mutating func note(_ what: String) {
    if faults.count < 20 { faults.append("\(what) at \(place)") }
  }

  private static func name(_ bytes: [UInt8]) -> String {
    bytes.map { (0x20..<0x7F).contains($0) ? String(Unicode.Scalar($0)) : "\\x" + String($0, radix: 16) }.joined()
  }
}
