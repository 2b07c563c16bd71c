internal import Domain
internal import Export
internal import Feedback
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import InProcess
internal import SyncProtocol
internal import Testing

@testable import Collector

@Suite("A redaction at the collector") struct RedactionTests {
  /// A note with the word, and who sends it.
  private func saved(_ bench: Bench) async throws -> (caller: Caller, stream: DeviceStream) {
    var ana = DeviceStream(1, analyst: "ana")
    try ana.judge(.of([1]), .agree, note: RawText(Filled.secret))
    let client = InProcessClient(try bench.collector().router().buildResponder())
    let caller = Caller(client: client, token: try bench.token("ana"))
    _ = try await caller.open(ana.id)
    #expect(try await caller.verdicts(ana.offered, on: ana.id) == ["stored", "stored"])
    return (caller, ana)
  }

  @Test("takes the words away and leaves the links; they do not come back with a fork", arguments: Kept.allCases)
  func words(_ kept: Kept) async throws {
    let bench = try Bench(kept)
    let (caller, ana) = try await saved(bench)
    let event = ana.events[1]
    #expect(try Redaction(bench.database).run(.event(event.eventID), reason: "a name") == 1)
    #expect(try Redaction(bench.database).run(.event(event.eventID), reason: "a name") == 0)
    #expect(try await caller.entries().map(\.event) == [ana.offered[0]])
    let withheld = try #require(try await caller.entries("?all=1").last)
    #expect(withheld.quarantine == "redacted" && withheld.event == ana.offered[1].withheld)

    // The device forks, and offers everything again.
    let again = Stub.event(try #require(event.body), after: nil, id: event.eventID, stream: .numbered(9))
    _ = try await caller.open(.numbered(9))
    #expect(try await caller.verdicts([again], on: .numbered(9)) == ["alias"])
    #expect(try await caller.entries("?all=1").allSatisfy { $0.event.body != event.body })
    #expect(try Verification(bench.database).run().faults == [])
    #expect(throws: CollectorError.self) { try Redaction(bench.database).run(.event(ana.eventID(9)), reason: "x") }
    #expect(throws: StoreError.self) {
      try bench.database.writeNow { db in _ = try db.run("UPDATE log SET body = NULL") }
    }
  }

  @Test("leaves nothing of the words in the database's files") func files() async throws {
    let bench = try Bench()
    let (_, ana) = try await saved(bench)
    func holders() throws -> [String] {
      try FileManager.default.contentsOfDirectory(atPath: bench.folder.path).filter { name in
        try Data(contentsOf: URL(filePath: bench.path(name))).range(of: Data(Filled.secret.utf8)) != nil
      }
    }
    #expect(try !holders().isEmpty)
    #expect(try Redaction(bench.database).run(.event(ana.events[1].eventID), reason: "a name") == 1)
    #expect(try holders() == [])
  }

  @Test("of an analyst's own leaves nothing of the words in the database's files either, whichever came first")
  func ownFiles() async throws {
    let bench = try Bench()
    func holders() throws -> [String] {
      try FileManager.default.contentsOfDirectory(atPath: bench.folder.path).filter { name in
        try Data(contentsOf: URL(filePath: bench.path(name))).range(of: Data(Filled.secret.utf8)) != nil
      }
    }
    let saved = try await saved(bench)
    await bench.database.scrubber.settle()
    // What takes no words away has no such cost.
    #expect(try holders() == ["c.db-wal"])
    var ana = saved.stream
    try ana.add(.redact(reason: "a name"), [EventReference(.redacts, ana.events[1])])
    #expect(try await saved.caller.verdicts([ana.offered[2]], base: ana.offered[1].position, on: ana.id) == ["stored"])
    await bench.database.scrubber.settle()
    #expect(try holders() == [])

    var late = DeviceStream(2, analyst: "ana")
    try late.judge(.of([2]), .agree, note: RawText(Filled.secret))
    try ana.add(.redact(reason: "a name"), [EventReference(.redacts, late.events[1])])
    #expect(try await saved.caller.verdicts([ana.offered[3]], base: ana.offered[2].position, on: ana.id) == ["stored"])
    _ = try await saved.caller.open(late.id)
    #expect(try await saved.caller.verdicts(late.offered, on: late.id) == ["stored", "stored"])
    await bench.database.scrubber.settle()
    #expect(try holders() == [])
  }

  @Test("is cleaned up behind a reader that was in the way as soon as that has ended") func reader() async throws {
    let bench = try Bench()
    let (_, ana) = try await saved(bench)
    let other = try CollectorDatabase(at: bench.location)
    try other.readNow { db in
      _ = try Epochs.lastRow(db)
      try bench.database.store.writeNow { db in
        let rows = try db.rows("SELECT * FROM log WHERE event_id = ?", [.bytes(ana.events[1].eventID.bytes)])
        #expect(rows.count == 1)
        db.wordsWereRemoved()
        try db.run("INSERT INTO meta(key, value) VALUES ('x', 'y')")
      }
      #expect(try bench.database.store.scrub() == false && bench.database.store.debt.isOwed)
    }
    #expect(try bench.database.store.scrub() && !bench.database.isScrubOwed)
    // The command says so, and the same once more does it.
    let words = [
      "redact", ana.events[1].eventID.hex, "--reason", "a name", "--database", bench.location.description,
    ]
    let remark = "the database's files may still have the words"
    try other.readNow { db in
      _ = try Epochs.lastRow(db)
      let run = try Program.run(words)
      #expect(run.status == 0 && run.errors.contains(remark), "\(run)")
    }
    let again = try Program.run(words)
    #expect(again.status == 0 && again.output == "it was redacted before\n" && again.errors.isEmpty, "\(again)")
    try other.close()
  }

  @Test("is followed by a VACUUM of PostgreSQL's tables, whoever redacts", arguments: [true, false])
  func vacuum(isOwn: Bool) async throws {
    let bench = try Bench(.inPostgreSQL)
    var (caller, ana) = try await saved(bench)
    // Contents pass through those of what is on its way.
    let tables = ["log", "blob_part", "blob_staged", "blob_staged_part"]
    func counts() throws -> [Int?] {
      try bench.database.readNow { db in
        try tables.map { table in
          try db.integer(
            "SELECT vacuum_count FROM pg_stat_user_tables WHERE schemaname = 'mds_collector' AND relname = ?",
            [.text(table)])
        }
      }
    }
    await bench.database.scrubber.settle()
    #expect(try counts() == [0, 0, 0, 0])
    if isOwn {
      try ana.add(.redact(reason: "a name"), [EventReference(.redacts, ana.events[1])])
      #expect(try await caller.verdicts([ana.offered[2]], base: ana.offered[1].position, on: ana.id) == ["stored"])
    } else {
      #expect(try Redaction(bench.database).run(.event(ana.events[1].eventID), reason: "a name") == 1)
    }
    await bench.database.scrubber.settle()
    #expect(try counts() == [1, 1, 1, 1] && !bench.database.store.debt.isOwed)
  }

  @Test("of a case takes everything that was said of it") func ofCase() async throws {
    let bench = try Bench()
    _ = try await saved(bench)
    try bench.database.close()
    let run = try Program.run(
      [
        "redact", "--case", String(ShortHash.of([1]).hex.prefix(8)), "--reason", "asked for", "--database",
        bench.path("c.db"),
      ])
    #expect(run.status == 0 && run.output == "2 rows of the log say nothing any more\n", "\(run)")
    try bench.reopen()
    #expect(try Verification(bench.database).run().faults == [])
    let wrong = try Program.run(["redact", "zz", "--reason", "x", "--database", bench.path("c.db")])
    let unread = try Program.run(["import", "x", "--allowed-signers", "nofile", "--database", bench.path("c.db")])
    #expect(unread.errors.contains("nofile cannot be read; is the path right?"), "\(unread.errors)")
    #expect(
      wrong.status == 1 && wrong.errors.contains("zz names no event: its first eight hexadecimal digits"), "\(wrong)")
  }

  @Test("of a case leaves what the analyst asked to have removed: colleagues who have the words are told")
  func ofCaseAfterOwn() async throws {
    let bench = try Bench()
    let saved = try await saved(bench)
    var ana = saved.stream
    try ana.add(.redact(reason: "a name"), case: .of([1]), [EventReference(.redacts, ana.events[1])])
    let base = ana.offered[1].position
    #expect(try await saved.caller.verdicts([ana.offered[2]], base: base, on: ana.id) == ["stored"])
    // The view is left; the judgement was the analyst's own to remove.
    #expect(try Redaction(bench.database).run(.of(.of([1])), reason: "asked for") == 1)
    #expect(try Redaction(bench.database).run(.of(.of([1])), reason: "asked for") == 0)
    let entries = try await saved.caller.entries("?redacted=1")
    let body = try #require(try entries.last?.event.body.map { try EventBody(bytes: $0) })
    #expect(body.targets(.redacts) == [ana.events[1].eventID])
    // By its name it goes as well.
    #expect(try Redaction(bench.database).run(.event(ana.events[2].eventID), reason: "its reason") == 1)
    #expect(try Verification(bench.database).run().faults == [])
  }

  @Test("of an analyst's own event is done when it comes in; of another's it is not", arguments: Kept.allCases)
  func ownEvent(_ kept: Kept) async throws {
    let bench = try Bench(kept)
    let saved = try await saved(bench)
    let caller = saved.caller
    var ana = saved.stream
    var brent = DeviceStream(2, analyst: "brent")
    try brent.add(.redact(reason: "not mine"), [EventReference(.redacts, ana.events[1])])
    let other = Caller(client: caller.client, token: try bench.token("brent"))
    _ = try await other.open(brent.id)
    #expect(try await other.verdicts(brent.offered, on: brent.id) == ["stored"])
    #expect(try await caller.entries().count == 3)
    try ana.add(.redact(reason: "a name"), [EventReference(.redacts, ana.events[1])])
    let base = ana.offered[1].position
    #expect(try await caller.verdicts([ana.offered[2]], base: base, on: ana.id) == ["stored"])
    let left = [ana.events[0], brent.events[0], ana.events[2]].map(\.eventID)
    #expect(try await caller.entries().map(\.event.eventID) == left)
    #expect(try Verification(bench.database).run().faults == [])
  }

  @Test(
    "of an analyst's own event that comes before it is done when it comes; of another's it is not",
    arguments: Kept.allCases)
  func ahead(_ kept: Kept) async throws {
    let bench = try Bench(kept)
    var ana = DeviceStream(1, analyst: "ana")
    try ana.judge(.of([1]), .agree, note: RawText(Filled.secret))
    let target = ana.events[1]
    let client = InProcessClient(try bench.collector().router().buildResponder())
    func send(_ stream: DeviceStream, _ events: [OfferedEvent]) async throws {
      let caller = Caller(client: client, token: try bench.token(stream.analyst.string))
      _ = try await caller.open(stream.id)
      #expect(try await caller.verdicts(events, on: stream.id) == events.map { _ in "stored" })
    }
    var other = DeviceStream(2, analyst: "brent")
    try other.add(.redact(reason: "not mine"), [EventReference(.redacts, target)])
    try await send(other, other.offered)
    // The analyst's other device was faster.
    var laptop = DeviceStream(3, analyst: "ana")
    try laptop.add(.redact(reason: "a name"), case: .of([1]), [EventReference(.redacts, target)])
    try await send(laptop, laptop.offered)
    try await send(ana, ana.offered)
    let rows = try await Caller(client: client, token: try bench.token("ana")).entries("?all=1")
    let row = try #require(rows.first { $0.event.eventID == target.eventID })
    #expect(row.quarantine == "redacted" && row.event == ana.offered[1].withheld)
    #expect(try Verification(bench.database).run().faults == [])
    let left = try bench.database.readNow { db in
      try db.rows("SELECT analyst FROM redact_ahead").map { try $0.text("analyst") }
    }
    #expect(left == ["brent"])
  }

  @Test("of a change of mind does not bring back what was said before it, whoever redacts", arguments: Kept.allCases)
  func amendment(_ kept: Kept) async throws {
    for isOwn in [true, false] {
      let bench = try Bench(kept)
      let (caller, saved) = try await saved(bench)
      var ana = saved
      let first = ana.events[1]
      let unsure = Amendment(.judgement(JudgementBody(Judgement(verdict: .unsure, note: RawText(Filled.secret)))))
      try ana.add(.amend(unsure), case: .of([1]), [EventReference(.amends, first)])
      let second = ana.events[2]
      func push(_ place: Int) async throws {
        let base = ana.offered[place - 1].position
        #expect(try await caller.verdicts([ana.offered[place]], base: base, on: ana.id) == ["stored"])
      }
      func states() throws -> [String?] {
        var bytes: [UInt8] = []
        _ = try Exporter(CollectorLog(bench.database), .init(format: .jsonl)).write { bytes += $0 }
        return try bytes.split(separator: 0x0A).map { try JSON(parsing: Array($0))["state"]?.string }
      }
      try await push(2)
      #expect(try states() == ["superseded", "in_force"])
      if isOwn {
        let remains = try Remains(second.decoded())
        try ana.add(.redact(reason: "a name", remains: remains), case: .of([1]), [EventReference(.redacts, second)])
        try await push(3)
      } else {
        #expect(try Redaction(bench.database).run(.event(second.eventID), reason: "a name") == 1)
      }
      #expect(try states() == ["superseded"])
      // Who comes later is told that there was one.
      let told = try #require(try await caller.entries("?redacted=1").compactMap(\.redacted).first)
      #expect(told == .init(kind: .amend, at: second.at, caseID: .of([1]), remains: Remains(try second.decoded())))
      #expect(try await caller.entries().allSatisfy { $0.redacted == nil && $0.event.body != nil })
      #expect(try Verification(bench.database).run().faults == [])
    }
  }

  @Test("of one view leaves a content that another view names; it goes with the last", arguments: Kept.allCases)
  func content(_ kept: Kept) async throws {
    let bench = try Bench(kept)
    let content = [UInt8](repeating: 0x78, count: 40_000)
    let hash = Hash.of(content)
    var ana = DeviceStream(1, analyst: "ana")
    for model in ["wine", "cargo"] {
      try ana.add(.seen(Seen(record: .hash(hash, bytes: content.count), model: ModelID(RawText(model)))))
    }
    // What an analyst withholds is not missing.
    try ana.add(.seen(Seen(record: .hash(.of([1]), bytes: content.count, isWithheld: true), model: ModelID("wine"))))
    let client = InProcessClient(try bench.collector().router().buildResponder())
    let caller = Caller(client: client, token: try bench.token("ana"))
    _ = try await caller.open(ana.id)
    #expect(try await caller.verdicts(ana.offered, on: ana.id) == ["stored", "stored", "stored"])
    #expect(try Verification(bench.database).run().missingContents == 1)
    #expect(try await put(content, of: hash, caller).status == 200)
    let whole = try Verification(bench.database).run()
    #expect(whole.missingContents == 0 && whole.contents == 1 && whole.faults.isEmpty)
    #expect(try Redaction(bench.database).run(.event(ana.events[0].eventID), reason: "a name") == 1)
    #expect(try BlobBook(bench.database).content(of: hash) == content)
    #expect(try Redaction(bench.database).run(.event(ana.events[1].eventID), reason: "a name") == 1)
    #expect(try BlobBook(bench.database).content(of: hash) == nil)
  }

  @Test(
    "of a content is not held up by a view that withholds it, whose row in an export has the hash alone",
    arguments: Kept.allCases)
  func withheld(_ kept: Kept) async throws {
    let bench = try Bench(kept)
    let record = Record(tensors: [
      Tensor(name: "text", datatype: .bytes, shape: [1], elements: .bytes([RawText(Filled.secret)]))
    ])
    let content = try record.canonicalBytes()
    let hash = Hash.of(content)
    let client = InProcessClient(try bench.collector().router().buildResponder())
    func judged(_ number: UInt8, by analyst: String, isWithheld: Bool) async throws -> (Caller, Event) {
      var stream = DeviceStream(number, analyst: RawText(analyst))
      let record = SeenRecord.hash(hash, bytes: content.count, isWithheld: isWithheld)
      try stream.add(.seen(Seen(record: record, model: ModelID("wine"))), case: .of([1]))
      let view = stream.events[0]
      let judgement = JudgementBody(Judgement(verdict: .agree))
      try stream.add(.judgement(judgement), case: .of([1]), [EventReference(.seen, view)])
      let caller = Caller(client: client, token: try bench.token(analyst))
      _ = try await caller.open(stream.id)
      #expect(try await caller.verdicts(stream.offered, on: stream.id) == ["stored", "stored"])
      return (caller, view)
    }
    func rows() throws -> [JSON] {
      var bytes: [UInt8] = []
      _ = try Exporter(CollectorLog(bench.database), .init(format: .jsonl)).write { bytes += $0 }
      return try bytes.split(separator: 0x0A).map { try JSON(parsing: Array($0)) }
    }
    _ = try await judged(1, by: "ana", isWithheld: true)
    let (brent, view) = try await judged(2, by: "brent", isWithheld: false)
    #expect(try await put(content, of: hash, brent).status == 200)
    let shown = try rows()
    #expect(shown.map { $0.serializedString.contains(Filled.secret) } == [false, true])
    #expect(shown.first?["record_sha256"]?.string == hash.hex)
    #expect(try Redaction(bench.database).run(.event(view.eventID), reason: "a name") == 1)
    #expect(try BlobBook(bench.database).content(of: hash) == nil)
    #expect(try rows().allSatisfy { !$0.serializedString.contains(Filled.secret) })
    // Nor does one bring it back that is saved later.
    let (carl, _) = try await judged(3, by: "carl", isWithheld: true)
    #expect(try await put(content, of: hash, carl).message(BlobState.self).isWhole)
    #expect(try BlobBook(bench.database).content(of: hash) == nil)
  }

  private func put(_ content: [UInt8], of hash: Hash, _ caller: Caller) async throws -> Caller.Answer {
    try await caller.call(
      .put, "/v1/blobs/\(hash.hex)", content,
      headers: [.contentRange: "bytes 0-\(content.count - 1)/\(content.count)"])
  }

  @Test(
    "keeps a content away, however often a device sends it, until somebody saves a view that names it",
    arguments: Kept.allCases)
  func contentAgain(_ kept: Kept) async throws {
    let bench = try Bench(kept)
    let content = Array("a record with a name in it".utf8)
    let hash = Hash.of(content)
    let seen = Seen(record: .hash(hash, bytes: content.count), model: ModelID("wine"))
    let client = InProcessClient(try bench.collector().router().buildResponder())
    func view(_ number: UInt8, by analyst: String) async throws -> (Caller, Event) {
      var stream = DeviceStream(number, analyst: RawText(analyst))
      try stream.add(.seen(seen))
      let caller = Caller(client: client, token: try bench.token(analyst))
      _ = try await caller.open(stream.id)
      #expect(try await caller.verdicts(stream.offered, on: stream.id) == ["stored"])
      return (caller, stream.events[0])
    }
    let (ana, first) = try await view(1, by: "ana")
    // One goes before its content has come, the other after.
    for isThere in [false, true] {
      if isThere {
        let (brent, second) = try await view(2, by: "brent")
        #expect(try await put(content, of: hash, brent).message(BlobState.self).isWhole)
        #expect(try BlobBook(bench.database).content(of: hash) == content)
        #expect(try Redaction(bench.database).run(.event(second.eventID), reason: "a name") == 1)
      } else {
        #expect(try Redaction(bench.database).run(.event(first.eventID), reason: "a name") == 1)
      }
      for _ in 1...2 {
        let state = try await ana.get("/v1/blobs/\(hash.hex)/state").message(BlobState.self)
        #expect(state == BlobState(hash: hash, size: content.count, received: content.count))
        #expect(try await put(content, of: hash, ana).message(BlobState.self) == state)
        #expect(try BlobBook(bench.database).content(of: hash) == nil)
        let rows = try bench.database.readNow { db in try db.integer("SELECT count(*) FROM blob_part") }
        #expect(rows == 0)
      }
    }
    #expect(try Verification(bench.database).run().missingContents == 0)
  }

  @Test(
    "takes a content also with a view of a later version, which nothing else here can read", arguments: Kept.allCases)
  func laterView(_ kept: Kept) async throws {
    let bench = try Bench(kept)
    let content = Array("a record with a name in it".utf8)
    let hash = Hash.of(content)
    let body =
      #"{"analyst":"ana","at":"2026-11-23T12:00:00.000000Z","kind":"seen","payload":{"record":{"bytes":"#
      + #"\#(content.count),"sha256":"\#(hash.hex)"}},"v":2}"#
    let view = Stub.event(Array(body.utf8), after: nil, id: 1, stream: .numbered(1))
    let caller = Caller(
      client: InProcessClient(try bench.collector().router().buildResponder()), token: try bench.token("ana"))
    _ = try await caller.open(.numbered(1))
    #expect(try await caller.verdicts([view]) == ["stored"])
    #expect(try await put(content, of: hash, caller).message(BlobState.self).isWhole)
    #expect(try Redaction(bench.database).run(.event(view.eventID), reason: "a name") == 1)
    #expect(try BlobBook(bench.database).content(of: hash) == nil)
  }

  @Test("of a content is undone by a backup of before it, and stands in one of after it") func restoredContent()
    async throws
  {
    let bench = try Bench()
    let content = Array("a record with a name in it".utf8)
    let hash = Hash.of(content)
    var ana = DeviceStream(1, analyst: "ana")
    try ana.add(.seen(Seen(record: .hash(hash, bytes: content.count), model: ModelID("wine"))))
    func caller() throws -> Caller {
      Caller(client: InProcessClient(try bench.collector().router().buildResponder()), token: try bench.token("ana"))
    }
    let first = try caller()
    _ = try await first.open(ana.id)
    #expect(try await first.verdicts(ana.offered, on: ana.id) == ["stored"])
    _ = try await put(content, of: hash, first)
    try Backup.make(of: bench.database, to: bench.path("before.db"))
    #expect(try Redaction(bench.database).run(.event(ana.events[0].eventID), reason: "a name") == 1)
    try Backup.make(of: bench.database, to: bench.path("after.db"))
    for (name, isThere) in [("before.db", true), ("after.db", false)] {
      try bench.database.close()
      try Backup.restore(bench.path(name), to: bench.location)
      try bench.reopen()
      _ = try await put(content, of: hash, caller())
      #expect(try (BlobBook(bench.database).content(of: hash) == content) == isThere)
      #expect(try Verification(bench.database).run().faults == [])
    }
  }
}
