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

  /// The shell stays for as long as its input is open; nothing else knows when a test was killed. It does what it reads
  /// and says when it has. As root it becomes Debian's user of the server, which refuses to run as root.
  private static let script = """
    set -eu
    folder=$1
    as=()
    if [ "$(id -u)" = 0 ]; then
      chown postgres "$folder"
      as=(setpriv --reuid=postgres --regid=postgres --clear-groups)
    fi
    programs=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
    server=
    start() {
      "${as[@]}" "$programs/postgres" -D "$folder/data" >>"$folder/log" 2>&1 </dev/null &
      server=$!
      until "$programs/pg_isready" -q -h "$folder"; do kill -0 "$server"; sleep 0.02; done
    }
    stop() {
      kill -QUIT "$server"
      wait "$server" || true
      server=
    }
    trap '[ -z "$server" ] || stop; rm -rf "$folder"' EXIT
    trap '' INT
    "${as[@]}" "$programs/initdb" -D "$folder/data" -U collector -A trust -E UTF8 --no-locale --no-sync >"$folder/log" 2>&1
    printf '%s\n' "listen_addresses = ''" "unix_socket_directories = '$folder'" "shared_buffers = 32MB" \
      "autovacuum = off" >>"$folder/data/postgresql.conf"
    start
    echo started
    while read -r word; do
      case $word in
        crash) stop; start ;;
        *) "$word" ;;
      esac
      echo "$word"
    done
    """

  init() throws {
    // Short, because the name of a socket has at most 107 bytes.
    folder = URL(filePath: "/tmp/mds-pg-\(UUID().uuidString.prefix(13))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let shell = Process()
    shell.executableURL = URL(filePath: "/bin/bash")
    shell.arguments = ["-c", PostgresServer.script, "bash", folder.path]
    shell.currentDirectoryURL = folder
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
