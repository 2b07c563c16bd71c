internal import Domain
internal import Feedback
internal import Foundation
internal import GRDB
internal import Ledger
internal import Sync
internal import SyncProtocol
internal import Testing
internal import Transport

/// A ledger that syncs by the workbench's own client, through a proxy, with a running `mds-collector`.
final class Wire {
  let folder: URL
  let server: RunningCollector
  let proxy: CutProxy
  let worker: LedgerWorker
  let stream: StreamID
  private let sync: StreamSync

  /// What the collector holds, against what the ledger has.
  struct Found {
    var events: Int
    var lost: Int
    var duplicated: Int
    /// Of the identities that it holds, in their order.
    var digest: Hash
  }

  private static func stamp(_ seconds: Int = 0) -> Stamp {
    Stamp(
      at: Timestamp(microseconds: 1_795_435_445_000_000 + Int64(seconds) * 1_000_000), analyst: "ana", session: "s",
      context: "prod", tool: "mds/0.1.0")
  }

  /// What stands before the proxy is made for the proxy's port, and says its own.
  init(through place: (_ proxy: UInt16) throws -> Int = { Int($0) }) async throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "mds-cuts-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    // A limit of requests a minute would end the rounds that follow a cut.
    server = try RunningCollector(folder, ["--rate-limit", "0"])
    proxy = try #require(CutProxy(to: server.port))
    let made = try Program.run([
      "token", "create", "--database", folder.appending(path: "c.db").path, "--analyst", "ana", "--device", "laptop",
      "--scope", "write",
    ])
    let token = folder.appending(path: "token").path
    try made.output.write(toFile: token, atomically: false, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: token)
    var configuration = TransportConfiguration()
    configuration.token = .file(path: token)
    let address = "http://127.0.0.1:\(try place(proxy.port))"
    let client = try CollectorClient(
      address: address, transport: Transport(configuration: configuration), deadline: .milliseconds(300))
    let ledger = try Ledger(path: folder.appending(path: "ledger.sqlite").path)
    let stream = try ledger.stream(for: "prod", collector: RawText(address), stamp: Self.stamp())
    self.stream = stream.id
    worker = LedgerWorker(ledger)
    sync = try await StreamSync(
      stream, worker: worker, collector: client,
      surroundings: StreamSync.Surroundings(
        now: { Self.stamp().at }, random: { 0.5 }, stamp: { Self.stamp() }, workstation: "desk", tool: "test"))
  }

  deinit {
    proxy.close()
    worker.close()
    server.kill()
    try? FileManager.default.removeItem(at: folder)
  }

  func save(_ count: Int) async throws {
    let stream = stream
    try await worker.run { ledger throws(LedgerError) in
      let notes = (0..<count).map { EventBody(stamp: Self.stamp($0), payload: .note(RawText("note \($0)"))) }
      try ledger.append(notes, to: stream)
    }
  }

  /// One round with a cut in it, then as many as it takes; whether the cut came.
  func sync(_ cut: CutProxy.Cut?) async throws -> Bool {
    let before = proxy.cuts
    proxy.set(cut)
    var report = try await sync.round()
    for _ in 0..<10 where report.outcome != .caughtUp { report = try await sync.round() }
    #expect(report.outcome == .caughtUp && !report.isForked)
    return proxy.cuts > before
  }

  /// One round, whatever comes of it.
  func round() async throws -> SyncOutcome { try await sync.round().outcome }

  /// How many of the ledger's events the cursor says are received, and how many the collector's log has.
  func progress() async throws -> (said: Int, held: Int) {
    let stream = stream
    let said = try await worker.run { ledger throws(LedgerError) in try ledger.stream(stream).acked.seq }
    let held = try await log().read { db in try Int.fetchOne(db, sql: "SELECT coalesce(max(seq), 0) FROM log") }
    return (said, held ?? 0)
  }

  private func log() throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.readonly = true
    return try DatabaseQueue(path: folder.appending(path: "c.db").path, configuration: configuration)
  }

  /// Rounds until everything is received, through whatever the proxy does; how many that took.
  func catchUp() async throws -> Int {
    for round in 1...100_000 {
      if try await sync.round().outcome == .caughtUp { return round }
    }
    return 0
  }

  /// Whether the collector holds what the ledger has, each once and in order.
  func check() async throws -> Found {
    let stream = stream
    let own = try await worker.run { ledger throws(LedgerError) in
      let (head, acked) = (try ledger.head(of: stream), try ledger.stream(stream).acked)
      guard head == acked else { throw LedgerError.damaged("#\(acked.seq) of #\(head.seq) are received") }
      var own: [EventID] = []
      while own.count < head.seq {
        let events = try ledger.events(of: stream, after: own.count, limit: 10_000)
        if events.isEmpty { break }
        own += events.map(\.eventID)
      }
      return own
    }
    let rows = try await log().read { db in try Data.fetchAll(db, sql: "SELECT event_id FROM log") }
    let held = rows.compactMap { EventID(bytes: $0) }
    let kept = Set(held)
    return Found(
      events: own.count, lost: Set(own).subtracting(kept).count, duplicated: held.count - kept.count,
      digest: Hash.of(kept.sorted().flatMap(\.bytes)))
  }
}
