import Foundation
import PtyTesting
import Testing

/// What most walks need: the shipped models behind a service, a folder, and collectors on one database. `close` ends and removes
/// it all.
final class Lab {
  let service: RunningServer
  let scratch: Scratch
  /// Where the collectors keep what they take in.
  var database: String { scratch.path + "/collector.sqlite" }
  var path: String { scratch.path }
  private var collectors: [RunningServer] = []

  init() throws {
    scratch = try Scratch()
    service = try RunningServer.service()
  }

  func close() {
    for collector in collectors { collector.stop() }
    service.stop()
    scratch.remove()
  }

  /// Starts a collector.
  func collector(
    port: String = "0", _ options: [String] = [], errors: String? = nil, environment: [String: String] = [:]
  ) throws -> RunningServer {
    let collector = try RunningServer.collector(
      database, port: port, options, errors: errors, environment: environment)
    collectors.append(collector)
    return collector
  }

  /// Starts a collector where one was that has ended.
  func collector(
    after ended: RunningServer, _ options: [String] = [], environment: [String: String] = [:]
  ) throws -> RunningServer {
    try collector(
      port: String(#require(ended.url.split(separator: ":").last)), options, environment: environment)
  }

  /// A desk whose ledger holds the shipped records of these models.
  func desk(_ name: String, context: String = "lab", scoring models: [String] = ["wine"]) throws -> Desk {
    try Desk(name, scratch, service, context: context, scoring: models)
  }

  /// A desk that is enrolled at a collector.
  func desk(
    _ name: String, context: String = "lab", scoring models: [String] = ["wine"], at collector: RunningServer
  ) throws -> Desk {
    let desk = try desk(name, context: context, scoring: models)
    try desk.connect(to: collector, database: database)
    return desk
  }

  /// So many records of wines in a file of their own: those that are shipped, and where they do not suffice stronger ones.
  func records(_ count: Int) throws -> String {
    let all = try String(contentsOfFile: Paths.repository + "/fixtures/records/wine.jsonl", encoding: .utf8)
      .split(separator: "\n")
    let records = scratch.path + "/records-\(count).jsonl"
    let lines = (0..<count).map { number in
      let extra = number / all.count
      return all[number % all.count].replacing("\"id\": \"w-", with: "\"id\": \"\(extra)-w-")
        .replacing(/"alcohol": [0-9.]+/) { extra == 0 ? String($0.output) : "\($0.output)\(extra)" }
    }
    try lines.map { $0 + "\n" }.joined().write(toFile: records, atomically: false, encoding: .utf8)
    return records
  }

  /// Runs a command of mds-collector on the database.
  func mdsCollector(_ words: [String]) throws -> (text: String, errors: String, status: Int32) {
    try output(of: [Paths.collector] + words + ["--database", database])
  }
}
