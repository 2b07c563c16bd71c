import Foundation
import Testing

/// Names that analysts gave themselves in their configuration before there was a collector.
@Suite("A name in the configuration", .serialized)
struct FormerNameTests {
  @Test("is told to whoever imports what was saved under it as a file, and nothing is taken until they let it in")
  func carried() throws {
    let lab = try Lab()
    defer { lab.close() }
    try CommandHome.alone { home in
      try home.write(
        "[contexts.lab]\nservice = \"\(lab.service.url)\"\nanalyst = \"carl\"\n", to: "config/mds/config.toml")
      let records = Paths.repository + "/fixtures/records/wine.jsonl"
      #expect(try home.run("infer", "wine", "--input", records).status == 0)
      try home.judgeOne()

      let signer = try home.run("sync", "--public-key")
      #expect(signer.errors.contains("what is saved here is under the name carl"), "\(signer)")
      let signers = lab.path + "/signers"
      try signer.text.replacingOccurrences(of: "ANALYST", with: "carl@lab")
        .write(toFile: signers, atomically: false, encoding: .utf8)
      let bundle = lab.path + "/c.mdsb"
      #expect(try home.run("sync", "--to", bundle).status == 0)
      #expect(try lab.mdsCollector(["token", "create", "--analyst", "ana", "--device", "d"]).status == 0)
      let receipt = lab.path + "/c.mdsr"
      let words = ["import", bundle, "--allowed-signers", signers, "--receipt", receipt]
      let refused = try lab.mdsCollector(words)
      #expect(refused.status != 0 && refused.errors.contains("--formerly carl lets it in"), "\(refused)")
      #expect(!FileManager.default.fileExists(atPath: receipt))
      let taken = try lab.mdsCollector(words + ["--formerly", "carl"])
      #expect(taken.text == "carl@lab: 5 events, 5 stored\n", "\(taken)")
      #expect(try home.run("sync", "--from", receipt).text.hasSuffix("nothing waits\n"))
    }
  }

  @Test("that is not the token's is told with what lets it in, and what was saved under it is then the analyst's")
  func granted() throws {
    let lab = try Lab()
    defer { lab.close() }
    let collector = try lab.collector()
    try CommandHome.alone { home in
      try home.write(
        "[contexts.lab]\nservice = \"\(lab.service.url)\"\nanalyst = \"carl\"\n", to: "config/mds/config.toml")
      let records = Paths.repository + "/fixtures/records/wine.jsonl"
      #expect(try home.run("infer", "wine", "--input", records).status == 0)
      try home.judgeOne()

      func token(_ name: String, _ words: [String] = []) throws -> String {
        let made = try lab.mdsCollector(
          ["token", "create", "--analyst", "\(name)@lab", "--device", "desk"] + words)
        #expect(made.status == 0, "\(made)")
        let path = try home.write(made.text, to: "\(name).token")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        return path
      }
      let path = try token("carl")
      let refused = try home.run("connect", collector.url, "--token-file", path)
      #expect(refused.status != 0)
      #expect(refused.errors.contains("what was saved on this device is under the name carl"), "\(refused)")
      #expect(
        refused.errors.contains("mds-collector token create --analyst carl@lab --device desk --formerly carl"),
        "\(refused)")

      // Nobody is given a name that somebody else goes by.
      let taken = try lab.mdsCollector(
        ["token", "create", "--analyst", "brent@lab", "--device", "desk", "--formerly", "carl@lab"])
      #expect(taken.status != 0 && taken.errors.contains("carl@lab has a token of its own here"), "\(taken)")

      let granted = try token("carl", ["--formerly", "carl"])
      let connected = try home.run("connect", collector.url, "--token-file", granted)
      #expect(connected.status == 0 && connected.text.hasPrefix("enrolled at \(collector.url) as carl@lab\n"))
      #expect(try home.run("sync").text.hasSuffix("nothing waits\n"))
      let rows = try CommandRun.objects(of: lab.mdsCollector(["export", "--format", "jsonl"]).text)
      #expect(rows.map { $0["analyst"] as? String } == ["carl@lab"])
      #expect(rows.map { $0["recorded_analyst"] as? String } == ["carl"])
    }
  }
}
