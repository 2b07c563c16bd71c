internal import Collector
internal import Domain
internal import Feedback
internal import Foundation
internal import SyncProtocol
internal import Testing

/// A folder, a server in it, and a device that sends to it.
final class Site {
  let folder: URL
  let location: DatabaseLocation
  var server: RunningCollector
  private let options: [String]

  init(
    _ options: [String] = [], _ kept: Kept = .inSQLite, on postgres: PostgresServer? = nil, kilobytes: Int? = nil
  ) throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "mds-collector-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    location =
      switch kept {
      case .inSQLite: .file(folder.appending(path: "c.db").path)
      case .inPostgreSQL: .server(try (postgres ?? PostgresServer.shared.get()).database())
      }
    self.options = options
    server = try RunningCollector(folder, options, at: location, kilobytes: kilobytes)
  }

  deinit {
    server.kill()
    try? FileManager.default.removeItem(at: folder)
  }

  var database: String { location.description }

  func path(_ name: String) -> String { folder.appending(path: name).path }

  func restart() throws { server = try RunningCollector(folder, options, at: location) }

  func token(_ analyst: String = "ana", _ scopes: [String] = ["write", "read"]) throws -> String {
    let made = try Program.run(
      ["token", "create", "--database", database, "--analyst", analyst, "--device", "laptop"]
        + scopes.flatMap { ["--scope", $0] })
    #expect(made.status == 0)
    return made.output.trimmingCharacters(in: .newlines)
  }

  func begin(_ method: String, _ path: String, _ token: String?, _ body: [UInt8] = []) throws -> Exchange {
    try Exchange(port: server.port, method, path, token: token, body)
  }

  func ask(_ method: String, _ path: String, _ token: String?, _ body: [UInt8] = []) throws -> Exchange.Answer {
    try #require(try begin(method, path, token, body).answer())
  }

  func open(_ stream: StreamID, _ token: String) throws {
    let opening = StreamOpening(stream: stream, workstation: "desk", tool: "test")
    #expect([200, 201].contains(try ask("POST", "/v1/streams", token, opening.bytes).status))
  }

  func head(of stream: StreamID, _ token: String) throws -> Position {
    try ask("GET", "/v1/streams/\(stream.hex)/head", token).message(StreamHead.self).head
  }

  /// The whole log, page by page.
  func entries(_ token: String) throws -> [LogEntry] {
    var (entries, query) = ([LogEntry](), "?limit=5000")
    while true {
      let answer = try ask("GET", "/v1/events\(query)", token)
      let page = try LogEntry.entries(in: answer.body)
      if page.isEmpty { return entries }
      entries += page
      query = "?limit=5000&after=\(try #require(answer.header("mds-next-cursor")))"
    }
  }

  /// Sends what the collector lacks.
  func begin(pushing stream: DeviceStream, after base: Position, _ token: String) throws -> Exchange {
    let batch = EventBatch(
      stream: stream.id, base: base, epoch: 1, events: Array(stream.offered.dropFirst(base.seq)))
    return try begin("POST", "/v1/streams/\(stream.id.hex)/events", token, batch.bytes)
  }

  /// Bytes of the log that SQLite has not yet put into the database.
  var logBytes: Int {
    (try? FileManager.default.attributesOfItem(atPath: database + "-wal")[.size] as? Int) ?? 0
  }
}
