internal import Domain
internal import Feedback
internal import Foundation
internal import GRDB
internal import Ledger
internal import Sync
internal import SyncProtocol
internal import Testing
internal import TortureReport
internal import Transport

/// A ledger that syncs by the workbench's own client, through a proxy, with a running `mds-collector`.
private final class Wire {
  let folder: URL
  let server: RunningCollector
  let proxy: CutProxy
  let worker: LedgerWorker
  let stream: StreamID
  private let sync: StreamSync

  private static func stamp(_ seconds: Int = 0) -> Stamp {
    Stamp(
      at: Timestamp(microseconds: 1_795_435_445_000_000 + Int64(seconds) * 1_000_000), analyst: "ana", session: "s",
      context: "prod", tool: "mds/0.1.0")
  }

  init() async throws {
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
    let address = "http://127.0.0.1:\(proxy.port)"
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

  /// Whether the collector holds what the ledger has, each once and in order.
  func check() async throws -> (events: Int, lost: Int, duplicated: Int) {
    let stream = stream
    let own = try await worker.run { ledger throws(LedgerError) in
      let (head, acked) = (try ledger.head(of: stream), try ledger.stream(stream).acked)
      guard head == acked else { throw LedgerError.damaged("#\(acked.seq) of #\(head.seq) are received") }
      return try ledger.events(of: stream, limit: .max).map(\.eventID)
    }
    var configuration = Configuration()
    configuration.readonly = true
    let database = try DatabaseQueue(path: folder.appending(path: "c.db").path, configuration: configuration)
    let rows = try await database.read { db in
      try Data.fetchAll(db, sql: "SELECT event_id FROM log ORDER BY lsn")
    }
    let held = rows.compactMap { EventID(bytes: $0) }
    return (own.count, Set(own).subtracting(held).count, held.count - Set(held).count)
  }
}

@Suite("A connection that is cut") struct ByteCutTests {
  /// `make torture` cuts at every byte (1), or at every so many; else at some that chance picks.
  private static let step = ProcessInfo.processInfo.environment["MDS_CUTS"].flatMap { Int($0) }

  @Test("at any byte of a request or its answer, in any way, costs no event and brings none twice")
  func anywhere() async throws {
    let wire = try await Wire()
    let events = Self.step == nil ? 3 : 10
    _ = try await wire.sync(nil)
    try await wire.save(events)
    // How many bytes a round has, when nothing is cut.
    _ = try await wire.sync(nil)
    let bytes = CutProxy.Direction.allCases.map { ($0, wire.proxy.passed($0)) }
    var (cuts, missed) = (0, 0)
    for (direction, count) in bytes {
      #expect(count > 500)
      for offset in Self.offsets(count) {
        for mode in Self.modes(offset) {
          try await wire.save(events)
          let isCut = try await wire.sync(CutProxy.Cut(direction: direction, offset: offset, mode: mode))
          if isCut { cuts += 1 } else { missed += 1 }
        }
      }
    }
    let found = try await wire.check()
    TortureReport.add(
      "byte_cuts",
      ["cuts": cuts, "events": found.events, "lost": found.lost, "duplicated": found.duplicated])
    print("cut \(cuts) times in \(bytes.map(\.1)) bytes, \(missed) rounds were shorter: \(found)")
    #expect(cuts > 20)
    #expect(found.lost == 0 && found.duplicated == 0)
  }

  private static func offsets(_ count: Int) -> [Int] {
    if let step { return Array(stride(from: 0, to: count, by: max(1, step))) }
    return (0..<8).map { _ in Int.random(in: 0..<count) } + [0, 1, count - 1]
  }

  /// A stall takes as long as the client's patience: in the long form at every hundredth byte.
  private static func modes(_ offset: Int) -> [CutProxy.Mode] {
    if step != nil { return offset % 100 == 0 ? CutProxy.Mode.allCases : [.reset, .finish] }
    return [CutProxy.Mode.allCases[offset % 3]]
  }
}
