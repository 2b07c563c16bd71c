internal import Domain
internal import Feedback
internal import Foundation
internal import Hummingbird
internal import InProcess
internal import PowerCuts
internal import SyncProtocol
internal import Testing
internal import TortureReport

@testable import Collector

@Suite("A power cut at the collector") struct CollectorPowerCutTests {
  /// `make torture` asks for fifty.
  private static let batches = ProcessInfo.processInfo.environment["MDS_SAVES"].flatMap { Int($0) } ?? 5

  /// A folder on a disk where a sync costs nothing: the tests bring their own.
  private static func folder() throws -> URL {
    let memory = "/dev/shm"
    let parent =
      FileManager.default.isWritableFile(atPath: memory)
      ? URL(filePath: memory) : FileManager.default.temporaryDirectory
    let folder = parent.appending(path: "mds-collector-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
  }

  @Test("at any write leaves every event that was acknowledged, once, and no part of a batch")
  func anywhere() async throws {
    let folder = try Self.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let recording = try #require(Recording(of: folder.path))
    let database = try CollectorDatabase(at: .file(folder.appending(path: "c.db").path))
    let token = try TokenBook(database).create(analyst: "ana", device: "laptop", scopes: [.write])
    let caller = Caller(client: InProcessClient(try Collector(database).router().buildResponder()), token: token)
    _ = try await caller.open(.numbered(1))
    var acknowledged = [(operations: 0, events: 0)]
    var last: OfferedEvent?
    for number in 0..<Self.batches {
      let events = Stub.chain(4, in: .numbered(1), after: last, from: number * 4 + 1)
      let answer = try await caller.push(events, base: last?.position ?? .empty)
      let head = try answer.message(BatchAnswer.self).head
      last = events.last
      acknowledged.append((recording.count, head.seq))
    }
    try database.close()

    var (disk, cuts, lost) = (Disk(), 0, 0)
    var random = SystemRandomNumberGenerator()
    for (number, operation) in recording.operations.enumerated() {
      disk.apply(operation)
      let told = acknowledged.last { $0.operations <= number + 1 }?.events ?? 0
      for remainder in [.nothing, Disk.Remainder.allCases[number % 4]] {
        let held = try await rows(disk.files(after: remainder, using: &random))
        #expect(held % 4 == 0, "after operation \(number)")
        lost += max(0, told - held)
        cuts += 1
      }
    }
    TortureReport.add("collector_power_cuts", ["batches": Self.batches, "cuts": cuts, "lost": lost])
    #expect(lost == 0 && cuts > 100)
  }

  /// How many events a collector that starts on these files has, each of them once.
  private func rows(_ files: [String: [UInt8]]) async throws -> Int {
    let folder = try Self.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, bytes) in files { try Data(bytes).write(to: folder.appending(path: name)) }
    let database = try CollectorDatabase(at: .file(folder.appending(path: "c.db").path))
    defer { try? database.close() }
    return try await database.read { db in
      let (all, different) = (
        try db.integer("SELECT count(*) FROM log"), try db.integer("SELECT count(DISTINCT event_id) FROM log")
      )
      #expect(all == different)
      return all ?? 0
    }
  }
}
