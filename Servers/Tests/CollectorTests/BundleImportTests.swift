internal import Domain
internal import Feedback
internal import Foundation
internal import Glibc
internal import PtyTesting
internal import SyncProtocol
internal import Testing
internal import TortureReport

@testable import Collector

@Suite("A bundle that is imported") struct BundleImportTests {
  @Test(
    "is in the log as if it had been sent; once more, and over the network, its events are duplicates",
    arguments: Kept.allCases)
  func whole(_ kept: Kept) async throws {
    let carried = try Carried(1200, kept)
    try carried.put(carried.bytes())
    let report = try await carried.run()
    #expect(report.analyst == "ana")
    #expect(report.verdicts == [.stored: 1200])
    #expect(try carried.rows() == Array(1...1200))
    #expect(try await carried.run().verdicts == [.duplicate: 1200])
    let collector = try carried.bench.collector()
    let token = try #require(
      try await TokenBook(carried.bench.database).find(try carried.bench.token("ana").utf8))
    let outcome = try await collector.intake.take(
      InspectedBatch(
        EventBatch(stream: Carried.stream, base: .empty, epoch: 1, events: Array(carried.events.prefix(3)))),
      from: token)
    guard case .answer(let answer) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(answer.results.map(\.verdict) == [.duplicate, .duplicate, .duplicate])
    #expect(try carried.rows().count == 1200)
  }

  @Test(
    "goes on with the one before it, overlaps with it, and is refused where that one is missing",
    arguments: Kept.allCases)
  func inPieces(_ kept: Kept) async throws {
    let carried = try Carried(30, kept)
    try carried.put(carried.bytes(10..<30))
    await #expect(throws: BundleRefusal.lineage(base: 10, head: 0)) { try await carried.run() }
    try carried.put(carried.bytes(0..<20))
    #expect(try await carried.run().verdicts == [.stored: 20])
    try carried.put(carried.bytes(10..<30))
    #expect(try await carried.run().verdicts == [.duplicate: 10, .stored: 10])
    #expect(try carried.rows() == Array(1...30))
  }

  @Test("is the analyst's whose key signed it, and nobody else's")
  func owner() async throws {
    let carried = try Carried(3)
    try carried.put(carried.bytes())
    let other = try #require(DeviceKey(seed: [UInt8](repeating: 2, count: 32)))
    let key = carried.key.publicKey
    await #expect(throws: BundleRefusal.unknownKey(key.fingerprint)) {
      try await carried.run(.allowed(AllowedSigners(text: "ana \(other.publicKey.text)")))
    }
    await #expect(throws: BundleRefusal.ambiguousKey(key.fingerprint, ["ana", "brent"])) {
      try await carried.run(carried.allowing("ana,brent"))
    }
    await #expect(throws: BundleRefusal.localName("unix:ana@desk")) {
      try await carried.run(carried.allowing("unix:ana@desk"))
    }
    // The bodies name ana: under brent's key they are set aside, as with brent's token, whatever the header says.
    try carried.put(carried.bytes(analyst: "brent"))
    #expect(try await carried.run(carried.allowing("brent")).verdicts == [.quarantined: 3])
    try carried.put(carried.bytes())
    await #expect(throws: BundleRefusal.foreignStream(owner: "brent")) { try await carried.run() }
    try carried.put(carried.bytes(analyst: "brent"), namespace: "file")
    await #expect(throws: BundleRefusal.badSignature) { try await carried.run() }
    try FileManager.default.removeItem(atPath: carried.path + ".sig")
    await #expect(throws: BundleRefusal.unsigned(carried.path + ".sig")) { try await carried.run() }
    #expect(try await carried.run(.vouched(analyst: "brent")).verdicts == [.quarantined: 3])
  }

  @Test("may have been recorded before the analyst was known; its key is listed and revoked as a token, and is none")
  func formerName() async throws {
    let carried = try Carried(4, analyst: "unix:ana@desk")
    try carried.put(carried.bytes(analyst: "unix:ana@desk"))
    #expect(try await carried.run().verdicts == [.stored: 4])
    let book = TokenBook(carried.bench.database)
    let token = try #require(try book.list().first)
    #expect(token.device == "key \(carried.key.publicKey.fingerprint)" && token.scopes.isEmpty)
    #expect(try await book.find(Array(token.device.utf8)) == nil)
    try book.revoke(token.id)
    await #expect(throws: BundleRefusal.revokedKey(token.device)) { try await carried.run() }
  }

  @Test(
    "saved under a name of the configuration's is refused before anything is taken, until whoever imports lets that name in",
    arguments: Kept.allCases)
  func configuredName(_ kept: Kept) async throws {
    let carried = try Carried(5, analyst: "carl", kept)
    try carried.put(carried.bytes(analyst: "carl"))
    let signer = carried.allowing("carl@lab")
    await #expect(throws: BundleRefusal.formerName("carl", analyst: "carl@lab")) { try await carried.run(signer) }
    let streams = try carried.bench.database.readNow { db in try db.integer("SELECT count(*) FROM stream") }
    #expect(try streams == 0 && carried.rows().isEmpty)
    #expect(try await carried.run(signer, formerly: ["carl"]).verdicts == [.stored: 5])
    #expect(try carried.rows() == Array(1...5))
    // From then on it is known.
    #expect(try await carried.run(signer).verdicts == [.duplicate: 5])
    // Nobody is given a name that somebody else goes by.
    _ = try carried.bench.token("brent")
    await #expect(throws: CollectorError.nameInUse("brent")) {
      try await carried.run(signer, formerly: ["brent"])
    }
  }

  @Test(
    "counts after all, with what was set aside of it before, once its name is let in; whoever read on is told",
    arguments: Kept.allCases)
  func released(_ kept: Kept) async throws {
    let carried = try Carried(4, analyst: "carl", kept)
    let (bench, collector) = (carried.bench, try carried.bench.collector())
    // As a version of before took it.
    try carried.put(carried.bytes(analyst: "carl@lab"))
    let signer = carried.allowing("carl@lab")
    let report = try await carried.run(signer)
    #expect(try report.verdicts == [.quarantined: 4] && carried.rows().isEmpty)
    let other = Stub.chain(2, in: .numbered(3), from: 50)
    let token = try #require(try await TokenBook(bench.database).find(try bench.token("ana").utf8))
    _ = try await collector.streams.open(
      StreamOpening(stream: .numbered(3), workstation: "desk", tool: "test"), by: token)
    _ = try await collector.intake.take(
      InspectedBatch(EventBatch(stream: .numbered(3), base: .empty, epoch: 1, events: other)), from: token)
    let before = try await collector.log.page(.init())
    #expect(before.entries.count == 2)
    let sink = SinkCursor(database: bench.database, name: "kafka:x")
    try await sink.move(from: sink.place(), to: before.next.number)

    let again = try await carried.run(signer, formerly: ["carl"])
    #expect(again.verdicts == [.duplicate: 4] && again.released == 4)
    #expect(try carried.rows() == Array(1...4))
    #expect(try Verification(bench.database).run().faults == [])
    let since = try await collector.log.page(.init(after: before.next))
    #expect(since.entries.map(\.event.seq) == [1, 2, 3, 4, 1, 2])
    #expect(try await SinkCursor(database: bench.database, name: "kafka:x").place().number == 0)
    // The receipt says so; once is enough.
    let source = try await ReceiptSource(collector, for: again)
    var reader = BundleReader()
    reader.feed(source.bytes.joined())
    while let item = try reader.next() {
      guard case .receipt(let receipt) = item else { continue }
      #expect(receipt.answer.results.allSatisfy { $0.verdict == .stored } && receipt.answer.epoch > 1)
    }
    #expect(try await carried.run(signer, formerly: ["carl"]).released == 0)
    let (epochs, acts) = try bench.database.readNow { db in
      (
        try db.integer("SELECT count(*) FROM epoch"),
        try db.integer("SELECT count(*) FROM audit WHERE action = 'release'")
      )
    }
    #expect(epochs == 2 && acts == 1)
  }

  @Test(
    "that goes on from what a restored collector lost is refused with a receipt of where the stream stands",
    arguments: Kept.allCases)
  func behind(_ kept: Kept) async throws {
    let carried = try Carried(30, kept)
    let collector = try carried.bench.collector()
    try carried.put(carried.bytes(0..<10))
    _ = try await carried.run()
    try carried.put(carried.bytes(20..<30))
    var reader = BundleReader()
    await #expect(throws: BundleRefusal.lineage(base: 20, head: 10)) {
      try await BundleImport(collector, signer: carried.allowing()).run(carried.path) { report in
        reader.feed(try await ReceiptSource(collector, for: report, behind: true).bytes.joined())
      }
    }
    var receipts: [BundleReceipt] = []
    while let item = try reader.next() { if case .receipt(let receipt) = item { receipts.append(receipt) } }
    try reader.finish()
    #expect(receipts.map(\.base) == [.empty])
    #expect(receipts.first?.answer.head == carried.events[9].position && receipts.first?.answer.results == [])
  }

  @Test("for another collector is refused")
  func otherCollector() async throws {
    let carried = try Carried(2)
    try carried.put(carried.bytes(collector: "elsewhere"))
    await #expect(throws: BundleRefusal.otherCollector("elsewhere")) { try await carried.run() }
    try carried.put(carried.bytes(collector: RawText(carried.bench.database.id)))
    #expect(try await carried.run().verdicts == [.stored: 2])
  }

  /// Events of a bundle whose every byte is changed, and which is cut off after every byte; two, and some places, where
  /// nothing says so.
  private static let long = ProcessInfo.processInfo.environment["MDS_BUNDLE"].flatMap { Int($0) }

  @Test("in which any byte is changed is refused by its signature, and nothing of it is taken")
  func flipped() async throws {
    let carried = try Carried(Self.long ?? 2)
    let bytes = carried.bytes()
    try carried.put(bytes)
    for index in bytes.indices {
      var changed = bytes
      changed[index] ^= 0x10
      try Data(changed).write(to: URL(filePath: carried.path))
      await #expect(throws: BundleRefusal.self) { try await carried.run() }
    }
    let taken = try carried.rows().count
    #expect(taken == 0)
    TortureReport.add("bundle_flips", ["events": carried.events.count, "flips": bytes.count, "broken": taken])
  }

  @Test("of which nothing could be taken leaves no trace: its stream stays to whose it is, whoever it was taken for")
  func nothing() async throws {
    let carried = try Carried(3)
    let bytes = carried.bytes(analyst: "")
    let audited = try carried.bench.database.readNow { db in try db.rows("SELECT * FROM audit").count }
    try Data(bytes.dropLast(20)).write(to: URL(filePath: carried.path))
    await #expect(throws: BundleRefusal.self) { try await carried.run(.vouched(analyst: "eve")) }
    #expect(try !TokenBook(carried.bench.database).list().map(\.analyst).contains("eve"))
    #expect(try carried.bench.database.readNow { db in try db.rows("SELECT * FROM audit").count } == audited)
    try carried.put(bytes)
    #expect(try await carried.run().verdicts[.stored] == 3)
    #expect(try carried.rows() == [1, 2, 3])
  }

  @Test("without a signature, cut off anywhere, gives its whole batches or, where that is wanted, its whole beginning")
  func truncated() async throws {
    let carried = try Carried(1030)
    let bytes = carried.bytes()
    try Data(bytes.dropLast(100)).write(to: URL(filePath: carried.path))
    await #expect(throws: BundleRefusal.self) { try await carried.run(.vouched(analyst: "ana")) }
    #expect(try carried.rows().count == 1000)
    let report = try await carried.run(.vouched(analyst: "ana"), isPartialEnough: true)
    #expect(report.fault?.reason == .truncated)
    #expect(try carried.rows().count == 1029)

    let count = Self.long ?? 3
    let few = try Carried(count)
    let short = few.bytes()
    var counts: Set<Int> = []
    let cuts = stride(from: 0, to: short.count, by: Self.long == nil ? 7 : 1)
    for length in cuts {
      try Data(short[..<length]).write(to: URL(filePath: few.path))
      await #expect(throws: BundleRefusal.self) { try await few.run(.vouched(analyst: "ana")) }
      _ = try? await few.run(.vouched(analyst: "ana"), isPartialEnough: true)
      counts.insert(try few.rows().count)
      #expect(try few.rows() == Array(1...count).prefix(try few.rows().count).map { $0 })
    }
    let isWhole = counts == Set(0...count)
    #expect(isWhole)
    TortureReport.add("bundle_cuts", ["events": count, "cuts": short.count, "broken": isWhole ? 0 : 1])
  }

  @Test(
    "is answered by a receipt that says what is held of it, and why something was set aside", arguments: Kept.allCases)
  func receipt(_ kept: Kept) async throws {
    let carried = try Carried(700, kept)
    try carried.put(carried.bytes(analyst: "brent"))
    let report = try await carried.run(carried.allowing("brent"))
    let source = try await ReceiptSource(try carried.bench.collector(), for: report)
    var reader = BundleReader()
    reader.feed(source.bytes.joined())
    var results: [RecordResult] = []
    while let item = try reader.next() {
      guard case .receipt(let receipt) = item else { continue }
      #expect(receipt.answer.head == carried.events[699].position && receipt.answer.epoch == 1)
      #expect(receipt.base.seq == results.count)
      results += receipt.answer.results
    }
    try reader.finish()
    #expect(results.map(\.position) == carried.events.map(\.position))
    #expect(results.allSatisfy { $0.verdict == .quarantined && $0.code == "analyst" })
  }

  @Test("is answered that what was redacted since is held: nobody has to look after it", arguments: Kept.allCases)
  func redactedSince(_ kept: Kept) async throws {
    let carried = try Carried(3, kept)
    try carried.put(carried.bytes())
    let report = try await carried.run(carried.allowing("ana"))
    let collector = try carried.bench.collector()
    #expect(try Redaction(collector.database).run(.event(carried.events[1].eventID), reason: "a name") == 1)
    let source = try await ReceiptSource(collector, for: report)
    var reader = BundleReader()
    reader.feed(source.bytes.joined())
    var verdicts: [RecordVerdict] = []
    while let item = try reader.next() {
      if case .receipt(let receipt) = item { verdicts += receipt.answer.results.map(\.verdict) }
    }
    #expect(verdicts == [.stored, .stored, .stored])
  }

  @Test(
    "by a process that is killed again and again is in the log once, whole, and leaves nothing behind",
    arguments: Kept.allCases)
  func killed(_ kept: Kept) async throws {
    let carried = try Carried(4000, kept)
    try carried.put(carried.bytes())
    let signers = carried.bench.path("allowed")
    try "ana \(carried.key.publicKey.text)\n".write(toFile: signers, atomically: false, encoding: .utf8)
    var seen: [Int] = []
    while seen.count < 3 {
      let process = Process()
      process.executableURL = URL(filePath: try Program.path())
      process.arguments = [
        "import", carried.path, "--allowed-signers", signers, "--database", carried.bench.location.description,
      ]
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      try process.run()
      // Something new is in: now, in the middle.
      while try carried.rows().count <= seen.last ?? 0, process.isRunning {}
      kill(process.processIdentifier, SIGKILL)
      process.waitForEnd()
      let rows = try carried.rows()
      seen.append(rows.count)
      #expect(rows == Array(1...rows.count))
    }
    #expect(seen.first ?? 0 < 4000)
    let last = try Program.run(
      ["import", carried.path, "--allowed-signers", signers, "--database", carried.bench.location.description])
    #expect(last.status == 0, "\(last.errors)")
    #expect(try carried.rows() == Array(1...4000))
    let left = try carried.bench.database.readNow { db in
      try db.integer("SELECT count(*) FROM import_progress")
    }
    #expect(left == 0)
  }

  @Test(
    "completes a content that came in part, by the network or in an earlier bundle, and says what stays incomplete",
    arguments: Kept.allCases)
  func contents(_ kept: Kept) async throws {
    let carried = try Carried(1, kept)
    let bench = carried.bench
    let content = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
    let hash = Hash.of(content)
    func piece(_ range: Range<Int>) -> BundleBlob {
      BundleBlob(hash: hash, size: content.count, offset: range.lowerBound, bytes: Array(content[range]))
    }
    func take(_ range: Range<Int>) async throws -> BundleImport.Report {
      try carried.put(carried.bytes(contents: [piece(range)]))
      return try await carried.run()
    }
    let token = try #require(try await TokenBook(bench.database).find(try bench.token("ana").utf8))
    _ = try await BlobBook(bench.database).put(
      Array(content[..<131_072]), of: hash, at: 0, size: content.count, from: token.id)
    // A piece after a gap cannot go on.
    for (range, received) in [(200_000..<300_000, 0), (0..<100_000, 100_000), (0..<99_000, 100_000)] {
      let part = try await take(range)
      #expect(part.incomplete == [hash: BlobState(hash: hash, size: content.count, received: received)])
      #expect(part.contents == [])
    }
    let signers = bench.path("allowed")
    try "ana \(carried.key.publicKey.text)\n".write(toFile: signers, atomically: false, encoding: .utf8)
    func imported() throws -> (status: Int32, output: String, errors: String) {
      let run = try Program.run(
        ["import", carried.path, "--allowed-signers", signers, "--database", bench.location.description])
      return (run.status, run.output, run.errors)
    }
    let part = try imported()
    #expect(part.output == "ana: 1 event, 1 duplicate, 1 content incomplete\n")
    #expect(part.errors.contains("content \(hash.hex) is here up to byte 100000 of 300000"), "\(part)")
    try carried.put(carried.bytes(contents: [piece(0..<300_000)]))
    #expect(try imported().output == "ana: 1 event, 1 duplicate, 1 content\n")
    #expect(try BlobBook(bench.database).content(of: hash) == content)
    #expect(try await take(0..<50).contents == [hash])
  }

  @Test(
    "that brings nothing leaves no key in force; one that brought events is listed as used", arguments: Kept.allCases)
  func keysInForce(_ kept: Kept) async throws {
    let carried = try Carried(2, kept)
    try carried.put(carried.bytes())
    let report = try await carried.run()
    let book = TokenBook(carried.bench.database)
    let listed = try book.list()
    #expect(listed.map(\.device).contains { $0.hasPrefix("key SHA256:") })
    #expect(listed.last?.lastUsedAt != nil)
    // A receipt, and somebody else's stream.
    let receipt = try await ReceiptSource(try carried.bench.collector(), for: report).bytes.flatMap(\.self)
    let bundle = carried.bytes(analyst: "unix:dora@desk")
    for (bytes, refusal) in [(receipt, BundleRefusal.noEvents), (bundle, .foreignStream(owner: "ana"))] {
      try carried.put(bytes)
      await #expect(throws: refusal) { try await carried.run(.vouched(analyst: "dora")) }
    }
    #expect(try book.list() == listed)
  }
}
