import Foundation
import Testing

@testable import Operations

@Suite("The configuration file")
struct UserSettingsTests {
  @Test("is told every mistake at once: what cannot be read hides nothing that is not there")
  func all() throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "mds-settings-\(UUID().uuidString).toml").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let text = """
      current-context = "lob"
      theme = "drkk"
      [contexts.lab]
      service = "http://127.0.0.1:1"
      catalogue = "nope.toml"
      [keys.models]
      nosuch = "g"
      """
    try text.write(toFile: path, atomically: false, encoding: .utf8)
    let found = try UserSettings.mistakes(in: path)
    #expect(found.count == 4)
    for (line, words) in zip([1, 2, 5, 7], ["lob", "drkk", "nope.toml", "nosuch"]) {
      #expect(found.contains { $0.hasPrefix("\(path):\(line):") && $0.contains(words) }, "\(found)")
    }
    #expect(found[0].contains("did you mean lab"))
  }

  @Test("is told what it names that is not there, by line, before a command refuses to start with it")
  func absences() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "mds-settings-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/config.toml"
    func mistakes(_ text: String) throws -> [String] {
      try text.write(toFile: path, atomically: false, encoding: .utf8)
      return try UserSettings.mistakes(in: path)
    }
    try "[[models]]\nmodell = 1\n".write(toFile: folder + "/wrong.toml", atomically: false, encoding: .utf8)
    let found = try mistakes(
      """
      theme = "drkk"
      [contexts.lab]
      service = "http://localhost:1"
      catalogue = "none.toml"
      [contexts.other]
      service = "http://localhost:1"
      catalogue = "wrong.toml"
      """)
    #expect(found.count == 3, "\(found)")
    #expect(found.first?.hasPrefix("\(path):1: There is no theme drkk; there are ") == true, "\(found)")
    #expect(found.dropFirst().first?.hasPrefix("\(path):4: ") == true, "\(found)")
    #expect(found.dropFirst().first?.contains("none.toml") == true, "\(found)")
    #expect(found.last?.contains("\(path):7: \(folder)/wrong.toml:") == true, "\(found)")
    #expect(try mistakes("theme = \"dark\"\n[contexts.lab]\nservice = \"http://localhost:1\"\n").isEmpty)
  }
}
