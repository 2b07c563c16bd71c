import Foundation
import Frames
import PtyTesting
import Testing

/// What an analyst saves on its way to the researchers: the real programs, a real collector.
@Suite("What an analyst saves", .serialized)
struct SyncTests {
  @Test("goes to the collector of its context, also what was saved before it was known, and colleagues see it")
  func throughToColleagues() throws {
    let lab = try Lab()
    defer { lab.close() }
    let collector = try lab.collector()
    let ana = try lab.desk("ana")
    try ana.judge(2)
    let lone = try ana.mds(["sync"])
    #expect(lone.status == 1)
    #expect(lone.errors.contains("no collector: what you save stays in this ledger"))

    try ana.connect(to: collector, database: lab.database)
    #expect(try ana.mds(["sync"]).text == "7 sent, 7 received, 0 fetched; nothing waits\n")
    #expect(try ana.mds(["sync"]).text == "0 sent, 0 received, 0 fetched; nothing waits\n")

    let brent = try lab.desk("brent", at: collector)
    #expect(try brent.mds(["sync"]).text.contains("4 fetched; nothing waits"))
    let judged = try ana.mds(["feedback", "list"]).text.split(separator: "\n").first { $0.contains("judgement") }
    let words = try #require(judged).split(separator: " ", omittingEmptySubsequences: true)
    let shown = try brent.mds(["case", "show", String(words[3])])
    #expect(shown.text.contains("ana@lab"), "\(shown.text)\(shown.errors)")
    #expect(shown.text.contains("agree"))

    // What the researchers redact is no longer told to who comes later, but that there was something is.
    let number = try #require(words.first.map(String.init))
    let told = try ana.mds(["feedback", "show", number])
    let id = try #require(
      told.text.split(separator: "\n").first { $0.contains("event_id") }?.split(separator: " ").last.map(String.init),
      "\(number): \(told)")
    #expect(try lab.mdsCollector(["redact", id, "--reason", "a name"]).status == 0)
    let cleo = try lab.desk("cleo", at: collector)
    #expect(try cleo.mds(["sync"]).text.contains("4 fetched; nothing waits"))
    let unsaid = try cleo.mds(["case", "show", String(words[3])])
    #expect(unsaid.status == 0 && !unsaid.text.contains("ana@lab"), "\(unsaid.text)\(unsaid.errors)")
  }

  @Test("comes to colleagues without what is damaged at the collector, which they are told") func damaged() throws {
    let lab = try Lab()
    defer { lab.close() }
    let collector = try lab.collector()
    let ana = try lab.desk("ana", at: collector)
    try ana.judge(2)
    #expect(try ana.mds(["sync"]).text.hasSuffix("nothing waits\n"))
    collector.stop()
    // A byte of its disk turns.
    let file = URL(filePath: lab.database)
    var bytes = try Data(contentsOf: file)
    let place = try #require(bytes.range(of: Data(#""verdict":"agree""#.utf8)))
    bytes[place.upperBound - 2] ^= 1
    try bytes.write(to: file)
    let mended = try lab.collector(after: collector)
    let brent = try lab.desk("brent", at: mended)
    let fetched = try brent.mds(["sync"])
    #expect(fetched.status == 0 && fetched.text.contains("3 fetched; nothing waits"), "\(fetched)")
    #expect(
      fetched.errors
        == "1 event of the collector's log is damaged and left out; `mds-collector verify` there names the first\n")
    #expect(try lab.mdsCollector(["verify"]).status != 0)
    #expect(try brent.mds(["sync", "--json"]).text.contains(#""left_out":0"#))
  }

  @Test("goes to the collector also after its stream was ended, which shows there as complete")
  func endedStream() throws {
    let lab = try Lab()
    defer { lab.close() }
    let collector = try lab.collector()
    func streams() throws -> [[String: Any]] {
      try CommandRun.objects(of: lab.mdsCollector(["streams", "--json"]).text)
    }
    let ana = try lab.desk("ana", at: collector)
    try ana.judge(1)
    let end = ["ledger", "end", "--reason", "laptop given back"]
    let unsure = try ana.mds(end)
    #expect(unsure.status != 0 && unsure.errors.contains("are in this ledger alone. Nothing was done."), "\(unsure)")
    let done = try ana.mds(end + ["--yes"])
    #expect(done.text.contains("the end among them: mds sync sends them"), "\(done)")
    #expect(try ana.mds(end + ["--yes"]).errors.contains("The stream has ended at"))
    #expect(try ana.mds(["sync"]).text.hasSuffix("nothing waits\n"))
    #expect(try streams().map { $0["state"] as? String } == ["complete"])
    #expect(try streams().first?["reason"] as? String == "laptop given back")

    // Somebody goes on all the same: a new stream, while the old one stays complete.
    try ana.judge(1)
    #expect(try ana.mds(["sync"]).text.hasSuffix("nothing waits\n"))
    #expect(try streams().map { $0["state"] as? String } == ["complete", "open"])
    let verified = try lab.mdsCollector(["verify"])
    #expect(verified.status == 0 && verified.text.contains("2 streams, 1 complete"), "\(verified)")
    #expect(try ana.mds(["ledger", "verify"]).status == 0)

    // The old one's mark of the backup comes as well.
    let copy = lab.path + "/copy.sqlite"
    #expect(try output(of: [Paths.collector, "backup", "--database", lab.database, "--output", copy]).status == 0)
    _ = try ana.mds(["sync"])
    #expect(try streams().allSatisfy { ($0["archived"] as? Int) == ($0["events"] as? Int) })
    #expect(try ana.mds(["ledger", "purge", "--days", "0", "--json"]).text.contains("\"events\":4"))
  }

  @Test("is answered with the catalogue that the researchers publish, which completes signatures below one's own")
  func publishedCatalogue() throws {
    let lab = try Lab()
    defer { lab.close() }
    let collector = try lab.collector()
    let ana = try lab.desk("ana", scoring: [], at: collector)
    func publish(_ words: [String]) throws -> (text: String, errors: String, status: Int32) {
      try lab.mdsCollector(["publish"] + words)
    }
    func catalogue(_ name: String, _ text: String) throws -> String {
      let path = "\(lab.path)/\(name).toml"
      try text.write(toFile: path, atomically: false, encoding: .utf8)
      return path
    }
    let wine = """
      [models.wine]
      task_question = "Which cultivar is it?"
      [models.wine.inputs.input]
      units = ["% of volume", "", "", "", "", "", "", "", "", "", "", "", "mg/l"]
      """
    #expect(try publish(["catalogue", catalogue("lab", wine)]).text == "published lab for all\n")
    #expect(try !ana.mds(["signature", "wine"]).text.contains("% of volume"))
    #expect(try ana.mds(["sync"]).text.contains("the researchers' catalogue changed"))
    let signature = try ana.mds(["signature", "wine"]).text
    #expect(signature.contains("% of volume"), "\(signature)")
    #expect(signature.contains("unit catalogue"), "\(signature)")
    #expect(try !ana.mds(["sync"]).text.contains("catalogue"))

    // One that cannot be read is not published.
    #expect(try publish(["catalogue", catalogue("site", "[models.wine")]).status != 0)

    #expect(try publish(["withdraw", "lab"]).text == "withdrew lab for all\n")
    _ = try ana.mds(["sync"])
    #expect(try !ana.mds(["signature", "wine"]).text.contains("% of volume"))
    let list = try publish(["list"]).text.split(separator: "\n")
    #expect(list.count == 2 && list[1].contains("withdrawn"), "\(list)")
    #expect(try publish(["withdraw", "lap"]).status != 0)
    #expect(try publish(["catalogue", catalogue("empty", "")]).status != 0)
    #expect(try publish(["catalogue", lab.path + "/none.toml"]).errors.contains("cannot be read"))
  }

  @Test("waits while the collector is gone, and nothing that it acknowledged is lost when it is killed")
  func collectorGone() throws {
    let lab = try Lab()
    defer { lab.close() }
    let collector = try lab.collector()
    let ana = try lab.desk("ana", at: collector)
    try ana.judge(1)
    let first = try ana.mds(["sync", "--json"])
    #expect(first.text.contains("\"waiting\":0"), "\(first)")
    collector.kill()

    try ana.judge(1, done: 1)
    let alone = try ana.mds(["sync"])
    #expect(alone.status == 0)
    #expect(alone.text.contains("4 wait"))
    #expect(alone.errors.contains("no answer from the collector"))

    let again = try lab.collector(after: collector)
    #expect(try ana.mds(["sync"]).text == "4 sent, 4 received, 0 fetched; nothing waits\n")
    let brent = try lab.desk("brent", at: again)
    #expect(try brent.mds(["sync"]).text.contains("4 fetched"))
  }

  @Test(
    "stays here while the collector asks for a newer mds, which is said wherever one looks, and goes when it does not")
  func outdated() throws {
    let lab = try Lab()
    defer { lab.close() }
    let strict = try lab.collector(["--min-client", "99.4"])
    let ana = try lab.desk("ana")
    try ana.judge(1)
    try ana.connect(to: strict, database: lab.database)
    let words = "the collector asks for mds 99.4 or newer; this is 0.1"
    let refused = try ana.mds(["sync"])
    #expect(refused.status == 4 && refused.errors.contains(words), "\(refused)")
    #expect(refused.errors.contains("Update mds"), "\(refused)")
    #expect(refused.text == "0 sent, 0 received, 0 fetched; 5 wait\n", "\(refused)")
    let told = try CommandRun.objects(of: ana.mds(["sync", "--json"]).text)
    #expect(told.first?["problem"] as? String == words && told.first?["next_try"] is String, "\(told)")
    let doctor = try ana.mds(["doctor"])
    #expect(doctor.status == 1 && doctor.text.contains(words), "\(doctor)")
    let terminal = try Pty(Paths.mds, ["open"] + ana.target)
    try terminal.expect("not synced")
    try terminal.send("go")
    try terminal.expect("Needs you 1")
    try terminal.expect(words)
    try terminal.expect("waiting    5 events")
    try terminal.press(.control("C"))
    #expect(try terminal.waitForExit() == .code(0))
    #expect(try lab.mdsCollector(["streams"]).text.isEmpty)
    let wrong = try lab.mdsCollector(["serve", "--min-client", "new"])
    #expect(wrong.status != 0 && wrong.errors.contains("--min-client is a version"), "\(wrong)")

    strict.stop()
    _ = try lab.collector(after: strict)
    let sent = try ana.mds(["sync"])
    #expect(sent.status == 0 && sent.text.contains(" received, 0 fetched; nothing waits"), "\(sent)")
  }

  @Test("arrives whole also where the collector takes few requests a minute: mds comes again when it is told to")
  func rateLimited() throws {
    let lab = try Lab()
    defer { lab.close() }
    let ample = try lab.collector()
    let (ana, brent) = (try lab.desk("ana"), try lab.desk("brent"))
    try ana.connect(to: ample, database: lab.database)
    try brent.connect(to: ample, database: lab.database)
    try ana.judge(3)
    ample.stop()
    _ = try lab.collector(after: ample, ["--rate-limit", "300", "--rate-burst", "5"])
    let sent = try ana.mds(["sync"])
    #expect(sent.status == 0 && sent.errors.isEmpty, "\(sent)")
    // The session itself may have sent some of it already.
    #expect(sent.text.contains(" received") && sent.text.contains("nothing waits"), "\(sent)")
    let fetched = try brent.mds(["sync"])
    #expect(fetched.status == 0 && fetched.text.contains("6 fetched; nothing waits"), "\(fetched)")
  }

  @Test("survives a ledger that was copied to a second machine: both go on, and every judgement arrives")
  func copiedLedger() throws {
    let lab = try Lab()
    defer { lab.close() }
    let collector = try lab.collector()
    let ana = try lab.desk("ana", at: collector)
    try ana.judge(1)
    #expect(try ana.mds(["sync"]).status == 0)
    try FileManager.default.copyItem(atPath: lab.path + "/ana.sqlite", toPath: lab.path + "/copy.sqlite")
    let copy = try lab.desk("copy")
    try ana.judge(1, done: 1)
    try copy.judge(2, done: 1)
    #expect(try ana.mds(["sync"]).text.contains("nothing waits"))
    let forked = try copy.mds(["sync"])
    #expect(forked.text.contains("nothing waits"), "\(forked)")
    #expect(try copy.mds(["feedback", "verify"]).status == 0)

    let brent = try lab.desk("brent", at: collector)
    #expect(try brent.mds(["sync"]).text.contains("8 fetched"))
  }

  @Test("is not taken for sent by something else that answers, and a wrong or open token says what to do")
  func wrongCollector() throws {
    let lab = try Lab()
    defer { lab.close() }
    let collector = try lab.collector()
    let ana = try lab.desk("ana")
    let token = try ana.token(of: lab.database)
    let portal = try ana.mds(["connect", lab.service.url, "--token-file", token])
    #expect(portal.status != 0)
    #expect(portal.errors.contains("--service has a use with a collector only"), "\(portal.errors)")

    let plain = try ana.mds(["connect", "http://collector.invalid", "--token-file", token])
    #expect(plain.errors.contains("plain http"), "\(plain.errors)")

    chmod(token, 0o644)
    let open = try ana.mds(["connect", collector.url, "--token-file", token])
    #expect(open.errors.contains("chmod 600"), "\(open.errors)")
    chmod(token, 0o600)

    #expect(try ana.mds(["connect", collector.url, "--token-file", token]).status == 0)
    chmod(token, 0o644)
    let unread = try ana.mds(["sync"])
    #expect(unread.errors.contains("There is no token for the collector"), "\(unread.errors)")
    #expect(unread.errors.contains("chmod 600"), "\(unread.errors)")
    chmod(token, 0o600)
    #expect(try ana.mds(["sync"]).status == 0)

    try Data("mdsc_0000\n".utf8).write(to: URL(fileURLWithPath: token))
    let wrong = try ana.mds(["connect", collector.url, "--token-file", token])
    #expect(wrong.status != 0)
    #expect(wrong.errors.contains("the collector does not know your token"), "\(wrong.errors)")
    #expect(!wrong.errors.contains("mdsc_"))
  }

  @Test("is sent by one session of the analyst at a time; another one says so, and nothing is offered twice")
  func oneSyncer() throws {
    let lab = try Lab()
    defer { lab.close() }
    let collector = try lab.collector()
    let ana = try lab.desk("ana", at: collector)
    _ = try ana.mds(["sync"])
    // A workbench beside it syncs what both save.
    let terminal = try Pty(Paths.mds, ["open"] + ana.target)
    try terminal.expect("Models 4")
    let seat = open(lab.path + "/ana.sqlite.sync", O_RDWR)
    #expect(seat >= 0 && flock(seat, LOCK_EX) == 0)
    try ana.judge(1)
    let other = try ana.mds(["sync"])
    #expect(other.text == "another session of yours is at it; 4 wait\n", "\(other)")
    #expect(other.status == 0)
    // Whether the collector answers is not known by a session that does not ask it.
    let second = try PlainRun(["open", "--plain"] + ana.target)
    try second.hear("Models 4")
    try second.type(":sync", hears: "another session of yours is syncing")
    #expect(!second.transcript.contains("collector: answers"), "\(second.transcript)")
    try second.type(":quit")
    #expect(second.waitForEnd() == .code(0))
    close(seat)
    #expect(try ana.mds(["sync"]).text.contains("; nothing waits"))
    try terminal.press(.control("C"))
    #expect(try terminal.waitForExit() == .code(0))
    #expect(try ana.mds(["feedback", "verify"]).status == 0)
  }

  @Test("may be a record too large for an event: its content follows in pieces, and is in the researchers' export")
  func largeRecord() throws {
    let lab = try Lab()
    defer { lab.close() }
    let collector = try lab.collector()
    let text = String(repeating: "the cargo was late again and nobody answered ", count: 8000)
    let path = lab.path + "/long.jsonl"
    try "{\"id\":\"m-1\",\"inputs\":{\"text\":\"\(text)\"}}\n".write(toFile: path, atomically: false, encoding: .utf8)
    let ana = try lab.desk("ana", scoring: [])
    let scored = try ana.mds(["infer", "message-triage", "--input", path])
    #expect(scored.status == 0, "\(scored.errors)")
    try ana.connect(to: collector, database: lab.database)
    let before = lab.path + "/before.sqlite"
    #expect(try lab.mdsCollector(["backup", "--output", before]).status == 0)
    try ana.judgeOnlyCase()
    #expect(try ana.mds(["sync"]).text.contains("nothing waits"))
    let exported = try lab.mdsCollector(["export", "--format", "jsonl"])
    #expect(exported.text.contains(text), "\(exported.text.prefix(2000))")
    #expect(exported.text.utf8.count < 800_000)

    // A collector that is put back to before it had the content is sent it again.
    collector.kill()
    #expect(try lab.mdsCollector(["restore", "--from", before]).status == 0)
    _ = try lab.collector(after: collector)
    #expect(try ana.mds(["sync"]).text.contains("nothing waits"))
    #expect(try lab.mdsCollector(["export", "--format", "jsonl"]).text.contains(text))

    // The same by a carried file, to another collector: the content is in it, and the receipt says that it arrived.
    let elsewhere = lab.path + "/other.sqlite"
    _ = try output(of: [
      Paths.collector, "token", "create", "--analyst", "x", "--device", "x", "--database", elsewhere,
    ])
    let alone = try lab.desk("alone", scoring: [])
    #expect(try alone.mds(["infer", "message-triage", "--input", path]).status == 0)
    try alone.judgeOnlyCase()
    func carry(_ words: [String]) throws -> (text: String, errors: String, status: Int32) {
      try output(of: ["/usr/bin/env", "XDG_DATA_HOME=\(lab.path)/data", Paths.mds] + words + alone.target)
    }
    #expect(try carry(["sync", "--to", lab.path + "/large.mdsb"]).text.hasPrefix("5 events in "))
    let imported = try output(of: [
      Paths.collector, "import", lab.path + "/large.mdsb", "--unsigned", "--analyst", "alone@lab", "--receipt",
      lab.path + "/large.mdsr", "--database", elsewhere,
    ])
    #expect(imported.status == 0, "\(imported)")
    #expect(
      try output(of: [Paths.collector, "export", "--format", "jsonl", "--database", elsewhere]).text.contains(text))
    #expect(try carry(["sync", "--from", lab.path + "/large.mdsr"]).status == 0)
    #expect(try carry(["sync", "--to", lab.path + "/more.mdsb"]).text == "nothing waits; nothing was written\n")

    // What must not be kept goes, there and here.
    let events = try ana.mds(["feedback", "list"]).text.split(separator: "\n")
    let seen = try #require(events.first { $0.contains(" seen ") }, "\(events)")
    let number = try #require(seen.split(separator: " ").first)
    let removed = try ana.mds(["feedback", "redact", String(number), "--reason", "a name"])
    #expect(removed.text.hasPrefix("removed what #\(number) said"), "\(removed)")
    #expect(try ana.mds(["feedback", "verify"]).status == 0)
    #expect(try !ana.mds(["feedback", "export", "--format", "jsonl"]).text.contains("nobody answered"))
    #expect(try ana.mds(["feedback", "redact", String(number), "--reason", "again"]).status == 5)
  }

  @Test(
    "with a token that only reads, brings what the others said and what is published; what is saved there stays there")
  func reader() throws {
    let lab = try Lab()
    defer { lab.close() }
    let collector = try lab.collector()
    let ana = try lab.desk("ana", at: collector)
    try ana.judge(2)
    #expect(try ana.mds(["sync"]).status == 0)
    #expect(try lab.mdsCollector(["publish", "question", "Which form?"]).status == 0)
    let rita = try lab.desk("rita", scoring: [])
    let token = try rita.token(of: lab.database, ["--scope", "read"])
    let connected = try rita.mds(["connect", collector.url, "--token-file", token])
    #expect(connected.text.contains("the token cannot send: what you save stays here"), "\(connected)")
    let synced = try rita.mds(["sync"])
    #expect(synced.status == 0 && synced.errors.isEmpty, "\(synced)")
    #expect(synced.text.hasPrefix("0 sent, 0 received, 4 fetched; 1 stay here: the token only reads\n"), "\(synced)")
    #expect(synced.text.contains("the researchers sent 1 question"))
    let report = try CommandRun.objects(of: rita.mds(["feedback", "stats", "--model", "wine", "--json"]).text)
    #expect(report.first?["judgements"] as? Int == 2, "\(report)")
  }

  @Test("on two devices, a week offline, comes together: both have all of it, and what differs is chosen once")
  func twoDevices() throws {
    let lab = try Lab()
    defer { lab.close() }
    let collector = try lab.collector()
    // One analyst, two ledgers, a token for each device; the second may not read colleagues' events.
    let desk = try lab.desk("ana", at: collector)
    let laptop = try lab.desk("laptop", scoring: ["cargo"])
    let token = try laptop.token(of: lab.database, analyst: "ana@lab", device: "laptop", ["--scope", "write"])
    let connected = try laptop.mds(["connect", collector.url, "--token-file", token])
    #expect(connected.status == 0, "\(connected)")
    let records = Paths.repository + "/fixtures/records/wine.jsonl"
    let published = try lab.mdsCollector([
      "publish", "queue", records, "--model", "wine", "--count", "1", "--name", "one",
    ])
    #expect(published.status == 0, "\(published)")
    for device in [desk, laptop] { #expect(try device.mds(["pull", "--queue", "one"]).status == 0) }
    collector.stop()

    // The cable is out: both judge, the same case differently.
    try desk.decide("a")
    try laptop.decide("u")
    try desk.judge(3, done: 1)
    try laptop.judge(2, done: 1)
    #expect(try desk.mds(["sync"]).errors.contains("no answer from the collector"))

    _ = try lab.collector(after: collector)
    #expect(try desk.mds(["sync"]).text.contains("nothing waits"))
    let fetched = try laptop.mds(["sync"])
    #expect(fetched.text.contains(" 8 fetched; nothing waits"), "\(fetched)")
    #expect(try desk.mds(["sync"]).text.contains(" 6 fetched; nothing waits"))

    let terminal = try Pty(Paths.mds, ["open"] + desk.target)
    try terminal.expect("Models 4")
    try terminal.send("go")
    try terminal.expect("made on 2 devices:")
    try terminal.send("c")
    try terminal.expect("Which of your words stands?")
    try terminal.send("2")
    try terminal.expect("your choice")
    try terminal.press(.control("C"))
    #expect(try terminal.waitForExit() == .code(0))
    #expect(try desk.mds(["sync"]).text.contains("nothing waits"))
    #expect(try laptop.mds(["sync"]).text.contains(" 1 fetched; nothing waits"))
    func verdicts(_ device: Desk) throws -> [String] {
      try device.mds(["cases", "list", "is:judged", "model:wine", "--json"]).text.split(separator: "\n").map { line in
        let json = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        return "\(json["case"] ?? "") \(json["verdict"] ?? "")"
      }.sorted()
    }
    let judged = try #require(verdicts(laptop).first)
    #expect(try verdicts(desk).contains(judged))
    for device in [desk, laptop] { #expect(try device.mds(["feedback", "verify"]).status == 0) }
  }
}
