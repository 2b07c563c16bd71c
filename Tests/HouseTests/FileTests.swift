import Testing

@Suite("Files")
struct FileTests {
  static let promises = ["@unchecked Sendable", "nonisolated(unsafe)", "@preconcurrency", "unsafeBitCast"]
  static let pure: Set = [
    "Domain", "Statistics", "SafeText", "OpenInference", "Alibi", "Feedback", "SyncProtocol", "Export",
    "ConfigurationFile",
    "Frames", "Workbench",
  ]

  /// The files but these, which must name what they look for, and those that a generator writes.
  static func files() throws -> [SourceFile] {
    try Checkout.sources().filter { $0.target != "HouseTests" && !$0.path.hasSuffix(".pb.swift") }
  }

  /// The lines that are code: a comment may name anything.
  static func code(_ file: SourceFile) -> [Substring] {
    file.lines.filter { !$0.drop { $0 == " " }.hasPrefix("//") }
  }

  @Test("have at most 500 lines, but those that a generator writes")
  func length() throws {
    let long = try Checkout.sources().filter { $0.lines.count > 501 && !$0.path.hasSuffix(".pb.swift") }
    #expect(long.map(\.path) == [])
  }

  @Test("that ask the compiler to trust them are in ARCHITECTURE.md's list, and say why it is sound")
  func trust() throws {
    let list = Architecture(try Checkout.text(of: "ARCHITECTURE.md"))
      .section("Where the compiler is asked to trust us").joined(separator: "\n")
    #expect(!list.isEmpty)
    let trusting = try Self.files().filter { file in
      Self.code(file).contains { line in Self.promises.contains { line.contains($0) } }
    }
    #expect(!trusting.isEmpty)
    for file in trusting {
      #expect(list.contains(file.name), "\(file.path) is not in the list")
      #expect(file.text.contains("sound") || file.text.contains("Sound"), "\(file.path) does not say why it is sound")
    }
  }

  @Test("of the pure targets know no clock, no chance and no file")
  func purity() throws {
    let impure = [
      "Date()", "Date.now", "UUID()", ".random(", "SystemRandomNumberGenerator", "ContinuousClock", "SuspendingClock",
      "clock_gettime", "FileManager", "FileHandle", "getenv", "ProcessInfo", "import Foundation\n",
      "print(",
    ]
    for file in try Self.files() where Self.pure.contains(file.target) {
      let code = Self.code(file).joined(separator: "\n")
      for word in impure {
        let isThere = code.contains(word)
        #expect(!isThere, "\(file.path) has \(word)")
      }
    }
  }
}
