internal import Foundation

/// What terminfo says that a terminal can do, as the shapes of its sequences.
public struct TerminalEntry: Sendable {
  public struct Unknown: Error, CustomStringConvertible {
    public let description: String
  }

  /// The shapes of all that draws; not of what rings, resets or is sent by keys.
  public let shapes: Set<String>

  /// Asks `infocmp`.
  public init(_ name: String) throws {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/infocmp")
    process.arguments = ["-1", "-x", name]
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let bytes = pipe.fileHandleForReading.readDataToEndOfFile()
    guard process.waitForEnd() == .code(0) else { throw Unknown(description: "infocmp knows no \(name)") }
    var shapes: Set<String> = []
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") where line.hasPrefix("\t") {
      let parts = line.dropFirst().split(separator: "=", maxSplits: 1)
      guard parts.count == 2, let value = parts.last?.dropLast(), !Self.passes(over: String(parts[0])) else { continue }
      shapes.formUnion(OutputAudit.shapes(in: Self.withoutParameters(Self.unescaped(Array(value.utf8)))))
    }
    self.shapes = shapes
  }

  private static func passes(over name: String) -> Bool {
    name.hasPrefix("k") || ["bel", "flash", "acsc"].contains(name)
      || ["is", "rs", "mc", "init", "pf"].contains { name.hasPrefix($0) }
  }

  /// `\E`, `^X`, octal numbers and their like as bytes; what stands for waiting is dropped.
  private static func unescaped(_ text: [UInt8]) -> [UInt8] {
    var out: [UInt8] = []
    var rest = text[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "^"), let next = rest.popFirst() {
        out.append(next & 0x1F)
      } else if byte == UInt8(ascii: "$"), rest.first == UInt8(ascii: "<") {
        rest = rest.drop { $0 != UInt8(ascii: ">") }.dropFirst()
      } else if byte == UInt8(ascii: "\\"), let next = rest.popFirst() {
        let digits = ([next] + rest.prefix(2)).prefix { (0x30...0x37).contains($0) }
        if digits.count == 3 {
          out.append(digits.reduce(0) { $0 &* 8 &+ ($1 - 0x30) })
          rest = rest.dropFirst(2)
        } else {
          out.append(
            ["E": 0x1B, "e": 0x1B, "n": 0x0A, "r": 0x0D, "t": 0x09, "b": 0x08][Character(Unicode.Scalar(next))] ?? next)
        }
      } else {
        out.append(byte)
      }
    }
    return out
  }

  /// Without what terminfo's language computes: the shape is what is left.
  private static func withoutParameters(_ text: [UInt8]) -> [UInt8] {
    var out: [UInt8] = []
    var rest = text[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%"), let next = rest.popFirst() else {
        out.append(byte)
        continue
      }
      switch next {
      case UInt8(ascii: "p"), UInt8(ascii: "P"), UInt8(ascii: "g"): rest = rest.dropFirst()
      case UInt8(ascii: "{"): rest = rest.drop { $0 != UInt8(ascii: "}") }.dropFirst()
      case UInt8(ascii: "'"): rest = rest.dropFirst(2)
      case UInt8(ascii: ":"), 0x30...0x39: rest = rest.drop { !"doxXs".utf8.contains($0) }.dropFirst()
      default: break
      }
    }
    return out
  }
}
