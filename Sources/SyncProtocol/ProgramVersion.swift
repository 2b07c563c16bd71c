public import Domain

/// A version of a program: numbers with dots between, such as `1.4` or `1.4.2`. A number that is left out is 0.
public struct ProgramVersion: Hashable, Sendable, Comparable, CustomStringConvertible {
  public var major: Int
  public var minor: Int
  public var patch: Int

  public init(_ major: Int, _ minor: Int = 0, _ patch: Int = 0) {
    (self.major, self.minor, self.patch) = (major, minor, patch)
  }

  /// nil for anything but one to three numbers, of six digits at most.
  public init?(text: some StringProtocol) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard (1...3).contains(parts.count) else { return nil }
    var numbers: [Int] = []
    for part in parts {
      guard (1...6).contains(part.utf8.count), part.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
        let number = Int(part)
      else { return nil }
      numbers.append(number)
    }
    numbers += [0, 0]
    self.init(numbers[0], numbers[1], numbers[2])
  }

  /// The version in what a workbench says of itself, `mds 0.1`; nil for another program, and for one that says none.
  public init?(tool: RawText) {
    let words = tool.string.split { $0 == " " || $0 == "/" }
    guard words.count == 2, words[0] == "mds" else { return nil }
    self.init(text: words[1])
  }

  public static func < (one: ProgramVersion, other: ProgramVersion) -> Bool {
    (one.major, one.minor, one.patch) < (other.major, other.minor, other.patch)
  }

  public var description: String { patch == 0 ? "\(major).\(minor)" : "\(major).\(minor).\(patch)" }
}
