import Foundation
import Frames
import PtyTesting
import Testing

/// What `keep_inputs` lets out of this machine: the real programs, and the bytes of the file that is carried away.
@Suite("What is carried away", .serialized)
struct KeptInputsTests {
  @Test("has no word of a record where none is to be kept, whatever was marked", arguments: ["full", "hash", "none"])
  func words(kept: String) throws {
    try CommandHome.onService { home, service in
      try home.write(
        "[contexts.lab]\nservice = \"\(service.url)\"\nkeep_inputs = \"\(kept)\"\n", to: "config/mds/config.toml")
      let words = ["quillfeather", "marmaduke", "crowns"]
      let record = try home.write(
        "{\"id\":\"m-1\",\"inputs\":{\"text\":\"\(words.joined(separator: " "))\"}}\n", to: "one.jsonl")
      let explained = try home.run("explain", "message-triage", "--input", record)
      #expect(explained.status == 0, "\(explained)")
      let terminal = try Pty(Paths.mds, ["open"], environment: home.environment)
      try terminal.expect("Models 4")
      try terminal.send("gr")
      try terminal.expect("Queue 1")
      try terminal.send("!l=")
      try terminal.send("as")
      try terminal.expect("saved #")
      try terminal.press(.control("C"))
      #expect(try terminal.waitForExit() == .code(0))
      let kinds = try home.run("feedback", "list").text
      #expect(kinds.contains(" mark "), "\(kinds)")
      let bundle = home.scratch.path + "/kept.mdsb"
      #expect(try home.run("sync", "--to", bundle).status == 0)
      let carried = String(decoding: try Data(contentsOf: URL(fileURLWithPath: bundle)), as: UTF8.self).lowercased()
      #expect(words.filter { carried.contains($0) } == (kept == "full" ? words : []))
    }
  }
}
