public import Frames

/// Bytes of a terminal as keys and pastes: pure, total, one byte at a time.
///
/// While `isPending`, an ESC or the start of a sequence is held back; the loop calls `timeout()` 25 ms later.
public struct InputParser: Equatable, Sendable {
  private enum State: Equatable {
    case ground
    case utf8(left: Int)
    case escape, csi, ss3
    /// Inside OSC, DCS and their kin: swallowed to their end.
    case string, stringEscape
    case paste
  }

  /// Bytes of a paste that are kept.
  public static let pasteLimit = 1 << 20
  private static let sequenceLimit = 4096
  private static let pasteEnd: [UInt8] = [0x1B, 0x5B, 0x32, 0x30, 0x31, 0x7E]

  private var state = State.ground
  private var held: [UInt8] = []

  public init() {}

  public var isPending: Bool { state == .escape || state == .csi || state == .ss3 }

  /// Takes bytes, gives what they mean.
  public mutating func feed(_ bytes: some Sequence<UInt8>) -> [Input] {
    var inputs: [Input] = []
    for byte in bytes { step(byte, &inputs) }
    return inputs
  }

  /// Nothing followed in time: a held ESC was the Esc key, an unfinished sequence is nothing.
  public mutating func timeout() -> [Input] {
    defer { reset() }
    switch state {
    case .escape: return [.key(.escape)]
    case .csi: return held.isEmpty ? [.key(.alt("["))] : [.unknown([0x1B, 0x5B] + held)]
    case .ss3: return [.key(.alt("O"))]
    case .ground, .utf8, .string, .stringEscape, .paste: return []
    }
  }

  private mutating func reset() {
    state = .ground
    held.removeAll(keepingCapacity: true)
  }

  private mutating func step(_ byte: UInt8, _ inputs: inout [Input]) {
    switch state {
    case .ground: ground(byte, &inputs)
    case .utf8(let left):
      guard byte & 0xC0 == 0x80 else {
        reset()
        inputs.append(.key(.text("\u{FFFD}")))
        ground(byte, &inputs)
        return
      }
      held.append(byte)
      if left > 1 { state = .utf8(left: left - 1) } else { endUTF8(&inputs) }
    case .escape: escape(byte, &inputs)
    case .csi: csi(byte, &inputs)
    case .ss3:
      reset()
      inputs.append(Self.key(ofFinal: byte).map(Input.key) ?? .unknown([0x1B, 0x4F, byte]))
    case .string:
      if byte == 0x07 { reset() } else if byte == 0x1B { state = .stringEscape }
    case .stringEscape:
      if byte == 0x5C {
        reset()
      } else {
        state = .escape
        escape(byte, &inputs)
      }
    case .paste: paste(byte, &inputs)
    }
  }

  private mutating func ground(_ byte: UInt8, _ inputs: inout [Input]) {
    switch byte {
    case 0x1B: state = .escape
    case 0x0D: inputs.append(.key(.enter))
    case 0x09: inputs.append(.key(.tab))
    case 0x7F, 0x08: inputs.append(.key(.backspace))
    case 0..<0x20: inputs.append(.key(.control(Unicode.Scalar(byte | 0x40))))
    case 0x20..<0x7F: inputs.append(.key(.text(Unicode.Scalar(byte))))
    case 0xC2...0xDF: beginUTF8(byte, left: 1)
    case 0xE0...0xEF: beginUTF8(byte, left: 2)
    case 0xF0...0xF4: beginUTF8(byte, left: 3)
    default: inputs.append(.key(.text("\u{FFFD}")))
    }
  }

  private mutating func beginUTF8(_ byte: UInt8, left: Int) {
    held = [byte]
    state = .utf8(left: left)
  }

  private mutating func endUTF8(_ inputs: inout [Input]) {
    let bytes = held
    reset()
    for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
      // C1 controls reach us as two bytes of UTF-8; nobody types them.
      inputs.append((0x80..<0xA0).contains(scalar.value) ? .unknown(bytes) : .key(.text(scalar)))
    }
  }

  private mutating func escape(_ byte: UInt8, _ inputs: inout [Input]) {
    reset()
    switch byte {
    case 0x5B: state = .csi
    case 0x4F: state = .ss3
    case 0x5D, 0x50, 0x5E, 0x5F, 0x58: state = .string
    case 0x1B:
      inputs.append(.key(.escape))
      state = .escape
    case 0x20..<0x7F: inputs.append(.key(.alt(Unicode.Scalar(byte))))
    default:
      inputs.append(.key(.escape))
      ground(byte, &inputs)
    }
  }

  private mutating func csi(_ byte: UInt8, _ inputs: inout [Input]) {
    switch byte {
    case 0x20...0x3F:
      if held.count < Self.sequenceLimit { held.append(byte) } else { reset() }
    case 0x40...0x7E:
      let parameters = held
      reset()
      endCSI(parameters, byte, &inputs)
    default:
      reset()
      ground(byte, &inputs)
    }
  }

  private mutating func endCSI(_ parameters: [UInt8], _ final: UInt8, _ inputs: inout [Input]) {
    let number = parameters.prefix { (0x30...0x39).contains($0) }.reduce(0) { min($0 * 10 + Int($1 - 0x30), 9999) }
    let isPlain = parameters.allSatisfy { (0x30...0x3B).contains($0) }
    switch final {
    case 0x7E where number == 200: state = .paste
    case 0x7E where isPlain && Self.key(ofNumber: number) != nil:
      inputs += Self.key(ofNumber: number).map { [.key($0)] } ?? []
    case 0x5A where parameters.isEmpty: inputs.append(.key(.backTab))
    case 0x49 where parameters.isEmpty: inputs.append(.focus(true))
    case 0x4F where parameters.isEmpty: inputs.append(.focus(false))
    default:
      let key = isPlain ? Self.key(ofFinal: final) : nil
      inputs.append(key.map(Input.key) ?? .unknown([0x1B, 0x5B] + parameters + [final]))
    }
  }

  private mutating func paste(_ byte: UInt8, _ inputs: inout [Input]) {
    held.append(byte)
    if byte == 0x7E, held.suffix(6).elementsEqual(Self.pasteEnd) {
      let text = held.dropLast(6).prefix(Self.pasteLimit)
      inputs.append(.paste(String(decoding: text, as: UTF8.self)))
      reset()
    } else if held.count > Self.pasteLimit + 6 {
      // Past the limit only the end of the paste matters.
      held.removeSubrange(Self.pasteLimit..<(held.count - 6))
    }
  }

  private static func key(ofFinal byte: UInt8) -> Key? {
    switch byte {
    case 0x41: .up
    case 0x42: .down
    case 0x43: .right
    case 0x44: .left
    case 0x46: .end
    case 0x48: .home
    case 0x4D: .enter
    case 0x50...0x53: .function(Int(byte) - 0x4F)
    default: nil
    }
  }

  private static func key(ofNumber number: Int) -> Key? {
    switch number {
    case 1, 7: .home
    case 2: .insert
    case 3: .delete
    case 4, 8: .end
    case 5: .pageUp
    case 6: .pageDown
    case 11...15: .function(number - 10)
    case 17...21: .function(number - 11)
    case 23, 24: .function(number - 12)
    default: nil
    }
  }
}
