internal import Foundation
internal import Glibc
internal import Synchronization
internal import Testing

@testable import Collector

/// A PostgreSQL server of the tests, in a folder of its own, asked over a socket in it. It goes, with all of its
/// files, when the test lets it go or ends, however that ends.
final class PostgresServer: Sendable {
  let folder: URL
  private let input = Pipe()
  private let output = Pipe()
  private let unused = Mutex<[String]>([])

  /// The one that tests share which leave it alone.
  static let shared = Result { try PostgresServer() }

  /// `scripts/postgresql` of the working copy: it stays for as long as its input is open, however a test ends.
  private static let script =
    "/" + #filePath.split(separator: "/").dropLast(4).joined(separator: "/") + "/scripts/postgresql"

  /// A server of its own, or a standby of another one.
  init(following primary: PostgresServer? = nil) throws {
    // Short, because the name of a socket has at most 107 bytes.
    folder = URL(filePath: "/tmp/mds-pg-\(UUID().uuidString.prefix(13))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let shell = Process()
    shell.executableURL = URL(filePath: PostgresServer.script)
    shell.arguments = [folder.path] + (primary.map { [folder.path + "/data", $0.folder.path] } ?? [])
    shell.standardInput = input
    shell.standardOutput = output
    try shell.run()
    let log = folder.appending(path: "log")
    let said = try answer()
    try #require(said == "started", "\((try? String(contentsOf: log, encoding: .utf8)) ?? "no log")")
  }

  deinit {
    try? input.fileHandleForWriting.close()
    // Until the folder is gone, the server may still be there.
    while access(folder.path, F_OK) == 0 { usleep(10_000) }
  }

  func address(_ database: String) -> String {
    "postgresql:///\(database)?host=\(folder.path)&user=collector"
  }

  /// An empty database, by its address. Making one takes the server a while, so those of tests that are over come again.
  func database() throws -> String {
    if let address = unused.withLock({ $0.popLast() }) {
      try PostgresConnection(address).execute("DROP SCHEMA IF EXISTS \(PostgresSchema.name) CASCADE")
      return address
    }
    let name = "c\(UUID().uuidString.prefix(8).lowercased())"
    try PostgresConnection(address("postgres")).execute("CREATE DATABASE \(name) TEMPLATE template0")
    return address(name)
  }

  /// Says that nobody needs a database any more.
  func takeBack(_ address: String) { unused.withLock { $0.append(address) } }

  /// Stops it as the power would, and starts it again.
  func crash() throws { try say("crash") }

  /// Stops it as the power would.
  func stop() throws { try say("stop") }

  func start() throws { try say("start") }

  /// Makes a standby a server that may be written to.
  func promote() throws { try say("promote") }

  private func say(_ word: String) throws {
    try input.fileHandleForWriting.write(contentsOf: Data("\(word)\n".utf8))
    try #require(try answer() == word)
  }

  private func answer() throws -> String {
    var line = Data()
    while let byte = try output.fileHandleForReading.read(upToCount: 1), byte.first != 0x0A { line += byte }
    return String(decoding: line, as: UTF8.self)
  }
}
