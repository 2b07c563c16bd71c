internal import Glibc

/// A colour as light: red, green and blue, 0–255, in sRGB.
public struct Colour: Hashable, Sendable {
  public var red: UInt8
  public var green: UInt8
  public var blue: UInt8

  public init(red: UInt8, green: UInt8, blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// Reads `#rrggbb`.
  public init?(_ text: String) {
    let digits = Array(text.utf8)
    guard digits.count == 7, digits[0] == UInt8(ascii: "#"), let number = UInt32(text.dropFirst(), radix: 16),
      digits[1] != UInt8(ascii: "+")
    else { return nil }
    self.init(red: UInt8(number >> 16 & 255), green: UInt8(number >> 8 & 255), blue: UInt8(number & 255))
  }

  /// Relative luminance, 0 to 1, by WCAG 2.1.
  public var luminance: Double {
    let parts = [red, green, blue].map { part in
      let value = Double(part) / 255
      return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
  }

  /// The contrast of two colours, 1 to 21, by WCAG 2.1.
  public func contrast(with other: Colour) -> Double {
    let (light, dark) = (max(luminance, other.luminance), min(luminance, other.luminance))
    return (light + 0.05) / (dark + 0.05)
  }
}

extension Colour: CustomStringConvertible {
  /// `#rrggbb`.
  public var description: String {
    "#"
      + [red, green, blue].map { part in
        let digits = String(part, radix: 16)
        return digits.count == 1 ? "0" + digits : digits
      }.joined()
  }
}

/// The 256 colours of xterm, of which 16 to 255 look the same everywhere.
public enum Palette {
  private static let levels: [UInt8] = [0, 95, 135, 175, 215, 255]

  /// The colour of a number from 16 to 255; nil for the 16 that are the terminal's own.
  public static func colour(_ number: UInt8) -> Colour? {
    switch number {
    case 0..<16: return nil
    case 16..<232:
      let index = Int(number) - 16
      return Colour(red: levels[index / 36], green: levels[index / 6 % 6], blue: levels[index % 6])
    default:
      let grey = 8 + 10 * (number - 232)
      return Colour(red: grey, green: grey, blue: grey)
    }
  }

  /// The number from 16 to 255 whose colour is nearest in sRGB.
  public static func nearest(to wanted: Colour) -> UInt8 {
    func distance(_ number: UInt8) -> Int {
      guard let colour = colour(number) else { return .max }
      let parts = [
        Int(colour.red) - Int(wanted.red), Int(colour.green) - Int(wanted.green), Int(colour.blue) - Int(wanted.blue),
      ]
      return parts.reduce(0) { $0 + $1 * $1 }
    }
    return (16...255).min { distance($0) < distance($1) } ?? 16
  }
}
