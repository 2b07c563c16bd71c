internal import Frames

/// One complete CSI sequence and what it means.
struct ControlSequence {
  let parameters: [UInt8]
  let final: UInt8

  /// The numbers between semicolons; 0 where there is none, at most 9999.
  private var numbers: [Int] {
    parameters.split(separator: 0x3B, omittingEmptySubsequences: false).map { part in
      part.prefix { (0x30...0x39).contains($0) }.reduce(0) { min($0 * 10 + Int($1 - 0x30), 9999) }
    }
  }

  private var isPlain: Bool { parameters.allSatisfy { (0x30...0x3B).contains($0) } }

  var startsPaste: Bool { final == 0x7E && isPlain && numbers.first == 200 }

  var input: Input {
    if parameters.first == 0x3C, final == 0x4D || final == 0x6D { return mouse ?? unknown }
    if parameters.first == 0x3F, final == 0x63 { return .answered }
    guard isPlain else { return unknown }
    switch final {
    case 0x49 where parameters.isEmpty: return .focus(true)
    case 0x4F where parameters.isEmpty: return .focus(false)
    case 0x5A: return .key(.backTab)
    case 0x7E:
      // xterm's modifyOtherKeys: 27 ; modifiers ; character.
      if numbers.count == 3, numbers[0] == 27 { return key(numbers[2], modifiers: numbers[1]) ?? unknown }
      return Self.tilde(numbers.first ?? 0).map { .key($0) } ?? unknown
    case 0x75: return key(numbers.first ?? 0, modifiers: numbers.count > 1 ? numbers[1] : 1) ?? unknown
    // The answer of where the cursor is ends as F3 with modifiers does.
    case 0x52 where !parameters.isEmpty && numbers.first != 1: return unknown
    default: return Self.final(final).map { .key($0) } ?? unknown
    }
  }

  private var unknown: Input { .unknown([0x1B, 0x5B] + parameters + [final]) }

  /// SGR 1006: button and modifiers ; column ; row, both from 1; `m` at the end is a release.
  private var mouse: Input? {
    let sequence = ControlSequence(parameters: Array(parameters.dropFirst()), final: final)
    let numbers = sequence.numbers
    guard sequence.isPlain, numbers.count == 3, numbers[1] > 0, numbers[2] > 0, numbers[0] & 32 == 0 else { return nil }
    let place = Position(row: numbers[2] - 1, column: numbers[1] - 1)
    switch numbers[0] & 0xC3 {
    case 64: return .mouse(MouseEvent(.wheelUp, position: place))
    case 65: return .mouse(MouseEvent(.wheelDown, position: place))
    case 0...2: return .mouse(MouseEvent(final == 0x4D ? .press : .release, button: numbers[0] & 3, position: place))
    default: return nil
    }
  }

  /// A character with modifiers, one more than a sum of 1 Shift, 2 Alt, 4 Ctrl.
  private func key(_ code: Int, modifiers: Int) -> Input? {
    guard let scalar = Unicode.Scalar(UInt32(code)), !(0x80..<0xA0).contains(code) else { return nil }
    let held = max(0, modifiers - 1)
    switch code {
    case 27: return .key(.escape)
    case 13: return .key(.enter)
    case 9: return .key(held & 1 == 1 ? .backTab : .tab)
    case 127, 8: return .key(.backspace)
    case 0..<32: return nil
    default: break
    }
    if held & 4 != 0 {
      let upper = (0x61...0x7A).contains(code) ? code & 0x5F : code
      switch upper {
      case 0x20: return .key(.control("@"))
      case 0x48: return .key(.backspace)
      case 0x49: return .key(.tab)
      case 0x4D: return .key(.enter)
      case 0x5B: return .key(.escape)
      case 0x40...0x5F: return Unicode.Scalar(UInt32(upper)).map { .key(.control($0)) }
      default: return nil
      }
    }
    return .key(held & 2 != 0 ? .alt(scalar) : .text(scalar))
  }

  /// The last byte of SS3 and CSI keys; modifiers before it are let go.
  static func final(_ byte: UInt8) -> Key? {
    switch byte {
    case 0x41, 0x61: .up
    case 0x42, 0x62: .down
    case 0x43, 0x63: .right
    case 0x44, 0x64: .left
    case 0x46: .end
    case 0x48: .home
    case 0x4D: .enter
    case 0x50...0x53: .function(Int(byte) - 0x4F)
    default: nil
    }
  }

  /// The number pad in application mode: SS3 and a letter for `*+,-./0…9=`.
  static func keypad(_ byte: UInt8) -> Unicode.Scalar? {
    switch byte {
    case 0x6A...0x79: Unicode.Scalar(byte - 0x40)
    case 0x58: "="
    case 0x20: " "
    default: nil
    }
  }

  /// The number before `~`.
  private static func tilde(_ number: Int) -> Key? {
    switch number {
    case 1, 7: .home
    case 2: .insert
    case 3: .delete
    case 4, 8: .end
    case 5: .pageUp
    case 6: .pageDown
    case 11...15: .function(number - 10)
    case 17...21: .function(number - 11)
    case 23...26: .function(number - 12)
    case 28, 29: .function(number - 13)
    case 31...34: .function(number - 14)
    default: nil
    }
  }
}

/// The answer to OSC 11: `11;rgb:RRRR/GGGG/BBBB`, one to four hexadecimal digits a colour.
enum BackgroundAnswer {
  /// Whether the background is light; nil if it is no such answer.
  static func isLight(_ bytes: [UInt8]) -> Bool? {
    let text = String(decoding: bytes, as: UTF8.self)
    guard text.hasPrefix("11;rgb:") || text.hasPrefix("11;rgba:") else { return nil }
    let parts = text.drop { $0 != ":" }.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count >= 3 else { return nil }
    var levels: [Double] = []
    for part in parts.prefix(3) {
      guard (1...4).contains(part.count), let value = UInt32(part, radix: 16) else { return nil }
      levels.append(Double(value) / Double((UInt32(1) << UInt32(4 * part.count)) - 1))
    }
    // Rec. 709 luma, as good as any to tell paper from slate.
    return 0.2126 * levels[0] + 0.7152 * levels[1] + 0.0722 * levels[2] > 0.5
  }
}
