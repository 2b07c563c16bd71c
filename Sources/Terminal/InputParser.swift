public import Frames

/// Bytes of a terminal to keys, pastes and answers: pure and total, one byte at a time.
///
/// What is incomplete is held: `patience` says how long the loop should wait for more before it calls `timeout`.
public struct InputParser: Hashable, Sendable {
  enum State: Hashable, Sendable {
    case ground
    case utf8(left: Int)
    case escape
    case csi
    /// `CSI [`: the Linux console's F1 to F5.
    case linuxFunction
    case ss3
    /// OSC, DCS, APC, PM, SOS: all up to their end is one sequence.
    case string(opener: UInt8)
    case stringEscape(opener: UInt8)
    case paste
    /// X10 mouse: three bytes that could be anything.
    case oldMouse(left: Int)
  }

  /// Longer sequences are no sequences.
  static let longest = 4096
  /// Of a paste, bytes; the rest is dropped.
  public static let longestPaste = 1 << 20

  var state = State.ground
  var bytes: [UInt8] = []
  /// Whether ESC came before the character that is being read.
  var isAlt = false

  public init() {}

  /// Milliseconds to wait for the next byte before `timeout`; nil if nothing is held.
  public var patience: Int? {
    switch state {
    case .ground: nil
    case .escape, .csi, .ss3, .linuxFunction: 25
    case .string: bytes.isEmpty ? 25 : 2000
    case .utf8, .stringEscape, .oldMouse: 2000
    case .paste: 5000
    }
  }

  /// What the bytes complete.
  public mutating func feed(_ input: some Sequence<UInt8>) -> [Input] {
    var out: [Input] = []
    for byte in input { step(byte, &out) }
    return out
  }

  /// Nothing followed in time: ESC was the Esc key, or Alt's; what else is unfinished is dropped, a paste is taken.
  public mutating func timeout() -> [Input] {
    defer { reset() }
    return switch state {
    case .escape: [.key(.escape)]
    case .csi: bytes.isEmpty ? [.key(.alt("["))] : [.unknown([0x1B, 0x5B] + bytes)]
    case .ss3: [.key(.alt("O"))]
    case .string(let opener): bytes.isEmpty ? [.key(.alt(Unicode.Scalar(opener)))] : []
    case .paste: [.paste(String(decoding: bytes.prefix(Self.longestPaste), as: UTF8.self))]
    case .ground, .utf8, .linuxFunction, .stringEscape, .oldMouse: []
    }
  }

  mutating func reset() {
    state = .ground
    isAlt = false
    bytes.removeAll(keepingCapacity: true)
  }

  private mutating func step(_ byte: UInt8, _ out: inout [Input]) {
    switch state {
    case .ground: ground(byte, &out)
    case .utf8(let left): continueUTF8(byte, left: left, &out)
    case .escape: escape(byte, &out)
    case .csi: continueCSI(byte, &out)
    case .linuxFunction:
      reset()
      out.append((0x41...0x45).contains(byte) ? .key(.function(Int(byte) - 0x40)) : .unknown([0x1B, 0x5B, 0x5B, byte]))
    case .ss3:
      reset()
      if let key = ControlSequence.final(byte) {
        out.append(.key(key))
      } else if let scalar = ControlSequence.keypad(byte) {
        out.append(.key(.text(scalar)))
      } else {
        out.append(.unknown([0x1B, 0x4F, byte]))
      }
    case .string(let opener): continueString(byte, opener: opener, &out)
    case .stringEscape(let opener):
      if byte == 0x5C {
        finishString(opener, &out)
      } else {
        reset()
        escape(byte, &out)
      }
    case .paste: continuePaste(byte, &out)
    case .oldMouse(let left):
      bytes.append(byte)
      if left > 1 {
        state = .oldMouse(left: left - 1)
      } else {
        out.append(.unknown([0x1B, 0x5B, 0x4D] + bytes))
        reset()
      }
    }
  }

  private mutating func ground(_ byte: UInt8, _ out: inout [Input]) {
    switch byte {
    case 0x1B: state = .escape
    case 0x0D: out.append(.key(.enter))
    case 0x09: out.append(.key(.tab))
    case 0x7F, 0x08: out.append(.key(.backspace))
    case 0..<0x20: out.append(.key(.control(Unicode.Scalar(byte | 0x40))))
    case 0x20..<0x7F: out.append(.key(.text(Unicode.Scalar(byte))))
    case 0xC2...0xDF: begin(byte, left: 1)
    case 0xE0...0xEF: begin(byte, left: 2)
    case 0xF0...0xF4: begin(byte, left: 3)
    default: out.append(.key(.text("\u{FFFD}")))
    }
  }

  private mutating func begin(_ byte: UInt8, left: Int) {
    bytes = [byte]
    state = .utf8(left: left)
  }

  private mutating func continueUTF8(_ byte: UInt8, left: Int, _ out: inout [Input]) {
    guard byte & 0xC0 == 0x80 else {
      reset()
      out.append(.key(.text("\u{FFFD}")))
      ground(byte, &out)
      return
    }
    bytes.append(byte)
    guard left == 1 else {
      state = .utf8(left: left - 1)
      return
    }
    let text = String(decoding: bytes, as: UTF8.self)
    let isAlt = isAlt
    reset()
    for scalar in text.unicodeScalars {
      // C1 controls come as two bytes of UTF-8; no terminal means them as keys.
      if (0x80..<0xA0).contains(scalar.value) {
        out.append(.unknown(Array(text.utf8)))
      } else {
        out.append(.key(isAlt ? .alt(scalar) : .text(scalar)))
      }
    }
  }

  private mutating func escape(_ byte: UInt8, _ out: inout [Input]) {
    reset()
    switch byte {
    case 0x5B: state = .csi
    case 0x4F: state = .ss3
    case 0x5D, 0x50, 0x5E, 0x5F, 0x58: state = .string(opener: byte)
    case 0x1B:
      out.append(.key(.escape))
      state = .escape
    case 0x20...0x7F: out.append(.key(.alt(Unicode.Scalar(byte))))
    case 0xC2...0xF4:
      ground(byte, &out)
      isAlt = true
    default:
      out.append(.key(.escape))
      ground(byte, &out)
    }
  }

  private mutating func continueCSI(_ byte: UInt8, _ out: inout [Input]) {
    switch byte {
    case 0x20...0x3F:
      bytes.append(byte)
      if bytes.count > Self.longest { reset() }
    case 0x5B where bytes.isEmpty: state = .linuxFunction
    case 0x4D where bytes.isEmpty: state = .oldMouse(left: 3)
    case 0x40...0x7E:
      let sequence = ControlSequence(parameters: bytes, final: byte)
      reset()
      if sequence.startsPaste { state = .paste } else { out.append(sequence.input) }
    default:
      reset()
      ground(byte, &out)
    }
  }

  private mutating func continueString(_ byte: UInt8, opener: UInt8, _ out: inout [Input]) {
    switch byte {
    case 0x07: finishString(opener, &out)
    case 0x1B: state = .stringEscape(opener: opener)
    case 0..<0x20:
      // No answer holds a control character: the string was none, and this is a key.
      reset()
      ground(byte, &out)
    default:
      bytes.append(byte)
      if bytes.count > Self.longest { reset() }
    }
  }

  private mutating func finishString(_ opener: UInt8, _ out: inout [Input]) {
    if opener == 0x5D, let isLight = BackgroundAnswer.isLight(bytes) { out.append(.background(isLight: isLight)) }
    reset()
  }

  private mutating func continuePaste(_ byte: UInt8, _ out: inout [Input]) {
    bytes.append(byte)
    let close: [UInt8] = [0x1B, 0x5B, 0x32, 0x30, 0x31, 0x7E]
    if byte == 0x7E, bytes.suffix(6).elementsEqual(close) {
      out.append(.paste(String(decoding: bytes.dropLast(6).prefix(Self.longestPaste), as: UTF8.self)))
      reset()
    } else if bytes.count > Self.longestPaste + 6 {
      bytes.removeSubrange(Self.longestPaste..<(bytes.count - 6))
    }
  }
}
