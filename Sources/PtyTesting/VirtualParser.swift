/// Bytes of a program's output to the commands of a terminal.
struct VirtualParser: Sendable {
  enum Command: Equatable, Sendable {
    case print(Unicode.Scalar)
    case control(UInt8)
    case escape(intermediate: UInt8?, final: UInt8)
    case sequence(prefix: UInt8?, numbers: [Int?], intermediate: UInt8?, final: UInt8)
    case string(opener: UInt8, text: String)
  }

  private enum State: Sendable {
    case ground, escape, intermediate(UInt8), sequence, string(UInt8), stringEscape(UInt8)
  }

  private var state = State.ground
  private var bytes: [UInt8] = []
  private var missing = 0

  /// The command that the byte completes.
  mutating func step(_ byte: UInt8) -> Command? {
    switch state {
    case .ground: return ground(byte)
    case .escape:
      switch byte {
      case 0x5B: begin(.sequence)
      case 0x5D, 0x50, 0x5E, 0x5F, 0x58: begin(.string(byte))
      case 0x20...0x2F: state = .intermediate(byte)
      default:
        state = .ground
        return .escape(intermediate: nil, final: byte)
      }
    case .intermediate(let first):
      state = .ground
      return .escape(intermediate: first, final: byte)
    case .sequence:
      if byte < 0x20 { return .control(byte) }
      guard (0x40...0x7E).contains(byte) else {
        bytes.append(byte)
        return nil
      }
      state = .ground
      return sequence(final: byte)
    case .string(let opener):
      switch byte {
      case 0x07:
        state = .ground
        return .string(opener: opener, text: String(decoding: bytes, as: UTF8.self))
      case 0x1B: state = .stringEscape(opener)
      default: bytes.append(byte)
      }
    case .stringEscape(let opener):
      state = .ground
      if byte == 0x5C { return .string(opener: opener, text: String(decoding: bytes, as: UTF8.self)) }
      return .escape(intermediate: nil, final: byte)
    }
    return nil
  }

  private mutating func begin(_ next: State) {
    state = next
    bytes = []
  }

  private mutating func ground(_ byte: UInt8) -> Command? {
    if missing > 0, byte & 0xC0 == 0x80 {
      bytes.append(byte)
      missing -= 1
      return missing == 0 ? String(decoding: bytes, as: UTF8.self).unicodeScalars.first.map { .print($0) } : nil
    }
    missing = 0
    switch byte {
    case 0x1B:
      state = .escape
      return nil
    case 0..<0x20, 0x7F: return .control(byte)
    case 0x20..<0x7F: return .print(Unicode.Scalar(byte))
    case 0xC2...0xF4:
      bytes = [byte]
      missing = byte < 0xE0 ? 1 : byte < 0xF0 ? 2 : 3
      return nil
    default: return .print("\u{FFFD}")
    }
  }

  private func sequence(final: UInt8) -> Command {
    var rest = bytes[...]
    let prefix = rest.first.flatMap { (0x3C...0x3F).contains($0) ? $0 : nil }
    if prefix != nil { rest = rest.dropFirst() }
    let intermediate = rest.last.flatMap { (0x20...0x2F).contains($0) ? $0 : nil }
    if intermediate != nil { rest = rest.dropLast() }
    let numbers = rest.split(separator: 0x3B, omittingEmptySubsequences: false)
      .map { Int(String(decoding: $0, as: UTF8.self)) }
    return .sequence(prefix: prefix, numbers: numbers, intermediate: intermediate, final: final)
  }
}
