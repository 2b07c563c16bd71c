import Foundation
import FuzzTargets
import Testing

@Suite("Whatever reads foreign bytes")
struct CorpusTests {
  /// Inputs that were made by hand or found by fuzzing; `scripts/fuzz SECONDS` looks for more.
  private static let folder =
    "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/Fuzz/Corpora/"

  @Test("keeps its promises on every input that was ever interesting", arguments: FuzzTarget.allCases)
  func corpus(target: FuzzTarget) throws {
    let folder = Self.folder + target.rawValue
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    #expect(names.count > 4 && names.count <= 200)
    for name in names {
      let bytes = try #require(FileManager.default.contents(atPath: folder + "/" + name))
      #expect(target.violation(in: Array(bytes)) == nil, "\(target)/\(name)")
    }
    #expect(target.violation(in: []) == nil)
  }
}
