import Foundation
import Frames
import PtyTesting
import Testing

/// A context that is enrolled more than once: where its collector moved, and where another one takes its place.
@Suite("A context that is enrolled anew", .serialized)
struct MovedCollectorTests {
  @Test("sends to a collector that moved what was saved while it was gone, and the stream that was ended meanwhile")
  func moved() throws {
    let lab = try Lab()
    defer { lab.close() }
    let collector = try lab.collector()
    let ana = try lab.desk("ana", at: collector)
    let brent = try lab.desk("brent", at: collector)
    try brent.judge(1)
    #expect(try brent.mds(["sync"]).text.hasSuffix("nothing waits\n"))
    try ana.judge(1)
    #expect(try ana.mds(["sync"]).text.hasSuffix("nothing waits\n"))
    collector.stop()
    try ana.judge(1, done: 1)
    #expect(try ana.mds(["ledger", "end", "--reason", "end of the quarter", "--yes"]).status == 0)
    try ana.judge(1, done: 2)

    let elsewhere = try lab.collector()
    let connected = try ana.mds(["connect", elsewhere.url, "--token-file", lab.path + "/ana.token"])
    #expect(connected.status == 0, "\(connected)")
    #expect(
      connected.text.contains("it is the collector that was at \(collector.url): what went there comes here now"),
      "\(connected)")
    let sent = try ana.mds(["sync"])
    // What was fetched from the old address is not fetched again.
    #expect(sent.text.hasSuffix(" 0 fetched; nothing waits\n"), "\(sent)")
    #expect(try ana.mds(["sync"]).text == "0 sent, 0 received, 0 fetched; nothing waits\n")
    let streams = try CommandRun.objects(of: lab.mdsCollector(["streams", "--json"]).text)
      .filter { $0["analyst"] as? String == "ana@lab" }
    #expect(streams.map { $0["state"] as? String } == ["complete", "open"], "\(streams)")
    #expect(try ana.mds(["ledger", "verify"]).status == 0)
    #expect(try lab.mdsCollector(["verify"]).status == 0)
  }

  @Test("is not enrolled as another analyst: a ledger is one analyst's, and what is on it stays theirs")
  func anotherAnalyst() throws {
    let lab = try Lab()
    defer { lab.close() }
    let collector = try lab.collector()
    let ana = try lab.desk("ana", at: collector)
    try ana.judge(1)
    #expect(try ana.mds(["sync"]).text.hasSuffix("nothing waits\n"))
    #expect(try ana.mds(["ledger", "end", "--reason", "end of the quarter", "--yes"]).status == 0)
    let token = try ana.token(of: lab.database, analyst: "brent@lab")
    let refused = try ana.mds(["connect", collector.url, "--token-file", token])
    #expect(refused.status != 0 && refused.errors.contains("This ledger is ana@lab's"), "\(refused)")
    #expect(refused.errors.contains("--ledger FILE"), "\(refused)")
    #expect(try ana.mds(["connect", collector.url, "--token-file", ana.token(of: lab.database)]).status == 0)
    try ana.judge(1, done: 1)
    #expect(try ana.mds(["sync"]).text.hasSuffix("nothing waits\n"))
    #expect(try lab.mdsCollector(["verify"]).status == 0)
  }

  @Test("brings what was saved under every name that the analyst had, also an ended stream's: nothing is set aside")
  func formerNames() throws {
    let lab = try Lab()
    defer { lab.close() }
    let collector = try lab.collector()
    let ana = try lab.desk("ana")
    for (number, name) in ["older", "old", "new"].enumerated() {
      let environment = ["USER": name]
      let terminal = try Pty(Paths.mds, ["open"] + ana.target, environment: environment)
      try terminal.expect("Models 4")
      try terminal.send("gr")
      try terminal.expect("Queue 40")
      try terminal.send("as")
      try terminal.expect("saved #")
      try terminal.press(.control("C"))
      #expect(try terminal.waitForExit() == .code(0))
      guard number < 2 else { continue }
      let ended = try output(
        of: ["/usr/bin/env", "USER=\(name)", Paths.mds] + ["ledger", "end", "--reason", "x", "--yes"] + ana.target)
      #expect(ended.status == 0, "\(ended)")
    }
    try ana.connect(to: collector, database: lab.database)
    #expect(try ana.mds(["sync"]).text.hasSuffix("nothing waits\n"))
    let brent = try lab.desk("brent", at: collector)
    #expect(try brent.mds(["sync"]).text.contains(" 6 fetched; nothing waits"))
    #expect(try lab.mdsCollector(["verify"]).text.contains("4 streams, 2 complete"))
  }

  @Test("gets what colleagues said and researchers ask also where another context of the same ledger has it already")
  func twoContexts() throws {
    let lab = try Lab()
    defer { lab.close() }
    let collector = try lab.collector()
    let brent = try lab.desk("brent", at: collector)
    try brent.judge(1)
    #expect(try brent.mds(["sync"]).status == 0)
    #expect(try lab.mdsCollector(["publish", "question", "And in general?"]).status == 0)
    let ana = try lab.desk("ana", at: collector)
    let second = ["--service", lab.service.url, "--context", "second", "--ledger", lab.path + "/ana.sqlite"]
    func other(_ words: [String]) throws -> (text: String, errors: String, status: Int32) {
      try output(of: [Paths.mds] + words + second)
    }
    let connected = try other(["connect", collector.url, "--token-file", lab.path + "/ana.token"])
    #expect(connected.status == 0, "\(connected)")
    for sync in [ana.mds, other] {
      let done = try sync(["sync"])
      #expect(done.text.contains(" 2 fetched; nothing waits") && done.text.contains("1 question"), "\(done)")
      #expect(try CommandRun.objects(of: sync(["inbox", "list", "--json"]).text).count == 1)
    }
  }

  @Test("keeps a large record from a second collector that it was not saved for")
  func secondCollector() throws {
    let lab = try Lab()
    defer { lab.close() }
    let collector = try lab.collector()
    let words = "the cargo was late again and nobody answered "
    let path = lab.path + "/long.jsonl"
    try "{\"id\":\"m-1\",\"inputs\":{\"text\":\"\(String(repeating: words, count: 8000))\"}}\n"
      .write(toFile: path, atomically: false, encoding: .utf8)
    let ana = try lab.desk("ana", scoring: [])
    #expect(try ana.mds(["infer", "message-triage", "--input", path]).status == 0)
    try ana.connect(to: collector, database: lab.database)
    try ana.judgeOnlyCase()
    #expect(try ana.mds(["sync"]).text.contains("nothing waits"))

    let database = lab.path + "/other.sqlite"
    let other = try RunningServer.collector(database)
    defer { other.stop() }
    try ana.connect(to: other, database: database)
    #expect(try ana.mds(["sync"]).text.hasPrefix("1 sent, 1 received"))
    func holds(_ path: String) throws -> Bool {
      try ["", "-wal"].contains { suffix in
        guard FileManager.default.fileExists(atPath: path + suffix) else { return false }
        return try Data(contentsOf: URL(fileURLWithPath: path + suffix)).range(of: Data(words.utf8)) != nil
      }
    }
    #expect(try holds(lab.database))
    #expect(try !holds(database))
  }
}
