internal import Domain
internal import Feedback
internal import Foundation
internal import GRDB
internal import HTTPTypes
internal import Hummingbird
internal import InProcess
internal import NIOCore
internal import SyncProtocol
internal import Testing

@testable import Collector

/// What keeps a collector's tables in a test.
enum Kept: String, CaseIterable, Sendable { case inSQLite, inPostgreSQL }

/// A folder that goes when the test ends, and a collector's database, in it or on the tests' server.
final class Bench {
  let folder: URL
  let location: DatabaseLocation
  private(set) var database: CollectorDatabase
  private let server: PostgresServer?

  init(_ kept: Kept = .inSQLite, on server: PostgresServer? = nil) throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "mds-collector-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    switch kept {
    case .inSQLite:
      self.server = nil
      location = .file(folder.appending(path: "c.db").path)
    case .inPostgreSQL:
      let server = try server ?? PostgresServer.shared.get()
      self.server = server
      location = .server(try server.database())
    }
    database = try CollectorDatabase(at: location)
  }

  deinit {
    try? FileManager.default.removeItem(at: folder)
    try? database.close()
    server?.takeBack(location.description)
  }

  func path(_ name: String) -> String { folder.appending(path: name).path }

  func token(_ analyst: String, _ scopes: [TokenScope] = [.write, .read]) throws -> String {
    try TokenBook(database).create(analyst: analyst, device: "laptop", scopes: scopes)
  }

  func collector(limits: Hello.Limits = Hello.Limits()) throws -> Collector { try Collector(database, limits: limits) }

  func reopen() throws { database = try CollectorDatabase(at: location) }

  /// What only SQLite can be asked, outside any transaction.
  func sqlite<Result>(_ body: (Database) throws -> Result) throws -> Result {
    guard let store = database.store as? SQLiteStore else { throw StoreError(.statement, "this is not SQLite") }
    return try store.withoutTransaction(body)
  }
}

/// Streams and events for tests.
enum Stub {
  static func body(_ number: Int, analyst: String = "ana", kind: String = "note") -> [UInt8] {
    Array(
      """
      {"analyst":"\(analyst)","at":"2026-11-23T12:00:00.000000Z","kind":"\(kind)","n":\(number),"v":1}
      """.utf8)
  }

  static func event(_ body: [UInt8], after last: OfferedEvent?, id: UInt64, stream: StreamID) -> OfferedEvent {
    event(body, after: last, id: EventID(at: Timestamp(microseconds: 0), random: id), stream: stream)
  }

  static func event(
    _ body: [UInt8], after last: OfferedEvent?, id eventID: EventID, stream: StreamID
  ) -> OfferedEvent {
    let leaf = Hash.of(body)
    let seq = (last?.seq ?? 0) + 1
    let prev = last?.hash ?? .zero
    return OfferedEvent(
      seq: seq, eventID: eventID, prev: prev, leaf: leaf,
      hash: Event.hash(stream: stream, seq: seq, prev: prev, eventID: eventID, leaf: leaf), body: body)
  }

  static func chain(
    _ count: Int, in stream: StreamID, after base: OfferedEvent? = nil, from first: Int = 1, analyst: String = "ana",
    kind: String = "note"
  ) -> [OfferedEvent] {
    var events: [OfferedEvent] = []
    for number in first..<(first + count) {
      events.append(
        event(
          body(number, analyst: analyst, kind: kind), after: events.last ?? base, id: UInt64(number), stream: stream))
    }
    return events
  }
}

extension StreamID {
  static func numbered(_ number: UInt8) -> StreamID {
    guard let id = StreamID(bytes: [UInt8](repeating: number, count: 16)) else { fatalError("16 bytes make an id") }
    return id
  }
}

extension InProcessClient.Answer {
  func message<Value: Message>(_: Value.Type = Value.self) throws -> Value { try Value(bytes: body) }

  var refusal: String { (try? Refusal(bytes: body).error.string) ?? "" }
}

/// What a client of the collector says over HTTP, here without a socket.
struct Caller {
  let client: InProcessClient
  let token: String?

  typealias Answer = InProcessClient.Answer

  func call(
    _ method: HTTPRequest.Method, _ uri: String, _ body: [UInt8]? = nil, headers: HTTPFields = [:]
  ) async throws -> Answer {
    var headers = headers
    if let token { headers[.authorization] = "Bearer \(token)" }
    let answer = try await client.call(method, uri, headers: headers, body: body)
    guard OpenAPI.shared.isDue(method.rawValue, uri, answer.status) else { return answer }
    let faults = OpenAPI.shared.faults(in: answer, to: method.rawValue, uri)
    #expect(faults.isEmpty, "\(faults)")
    return answer
  }

  func get(_ uri: String) async throws -> Answer { try await call(.get, uri) }

  func open(_ stream: StreamID) async throws -> Answer {
    try await call(.post, "/v1/streams", StreamOpening(stream: stream, workstation: "desk", tool: "test").bytes)
  }

  func push(
    _ events: [OfferedEvent], base: Position = .empty, on stream: StreamID = .numbered(1)
  ) async throws -> Answer {
    let batch = EventBatch(stream: stream, base: base, epoch: 1, events: events)
    return try await call(.post, "/v1/streams/\(stream.hex)/events", batch.bytes)
  }

  func verdicts(
    _ events: [OfferedEvent], base: Position = .empty, on stream: StreamID = .numbered(1)
  ) async throws -> [String] {
    let answer = try await push(events, base: base, on: stream)
    guard answer.status == 200 else { return ["\(answer.status) \(answer.refusal)"] }
    return try answer.message(BatchAnswer.self).results.map { $0.verdict.text.string }
  }

  func entries(_ query: String = "") async throws -> [LogEntry] {
    try LogEntry.entries(in: try await get("/v1/events\(query)").body)
  }
}
