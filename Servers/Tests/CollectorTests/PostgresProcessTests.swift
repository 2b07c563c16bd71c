internal import Collector
internal import Domain
internal import Feedback
internal import Foundation
internal import SyncProtocol
internal import Testing

@Suite("The mds-collector program on PostgreSQL") struct PostgresProcessTests {
  @Test("killed, and its PostgreSQL server with it, it has after the next start all that it acknowledged")
  func killedWithServer() throws {
    let postgres = try PostgresServer()
    let site = try Site([], .inPostgreSQL, on: postgres)
    let token = try site.token()
    var stream = DeviceStream(1, analyst: "ana")
    try site.open(stream.id, token)
    var acknowledged = Position.empty
    for round in 0..<6 {
      for number in 0..<20 { try stream.judge(.of([UInt8(round), UInt8(number)]), .agree) }
      let exchange = try site.begin(pushing: stream, after: try site.head(of: stream.id, token), token)
      if round % 3 == 1 { while !exchange.isAnswered {} }
      if round % 2 == 0 {
        site.server.kill()
        try postgres.crash()
        try site.restart()
      } else {
        try postgres.crash()
      }
      if let answer = exchange.answer(), answer.status == 200 {
        acknowledged = try answer.message(BatchAnswer.self).head
      }
      let head = try site.head(of: stream.id, token)
      #expect(head.seq >= acknowledged.seq)
      #expect(head == .empty || stream.events[head.seq - 1].hash == head.hash)
    }
    let rest = try #require(try site.begin(pushing: stream, after: try site.head(of: stream.id, token), token).answer())
    #expect(try rest.message(BatchAnswer.self).head.seq == stream.events.count)
    #expect(try site.entries(token).map(\.event) == stream.offered)
  }

  @Test("every command works on PostgreSQL; a password in the address is refused, and a dump makes another epoch")
  func commandsOnPostgres() throws {
    let site = try Site([], .inPostgreSQL)
    let token = try site.token()
    var stream = DeviceStream(1, analyst: "ana")
    for number in 0..<3 { try stream.judge(.of([UInt8(number)]), .agree) }
    try site.open(stream.id, token)
    _ = try #require(try site.begin(pushing: stream, after: .empty, token).answer())
    func run(_ words: [String], on database: String? = nil) throws -> Program.Outcome {
      try Program.run(words + ["--database", database ?? site.database])
    }
    #expect(try run(["token", "list"]).output.contains("\tana\tlaptop\twrite,read\t"))
    try "[models]\n".write(toFile: site.path("lab.toml"), atomically: false, encoding: .utf8)
    #expect(try run(["publish", "catalogue", site.path("lab.toml")]).status == 0)
    #expect(try run(["publish", "list"]).output.contains("lab"))
    #expect(try run(["backup", "--output", site.path("c.dump")]).status == 0)
    #expect(try run(["backup", "--place"]).output == "1:6\n")
    #expect(try run(["backup", "--made", "1:6"]).status == 0)
    #expect(try run(["backup"]).status == 64)
    let again = try run(["backup", "--output", site.path("c.dump")])
    #expect(again.status == 1 && again.errors.contains("c.dump exists"))
    #expect(try site.ask("GET", "/v1/streams/\(stream.id.hex)/head", token).message(StreamHead.self).safe.seq == 6)
    let taken = try run(["restore", "--from", site.path("c.dump")])
    #expect(taken.status == 1 && taken.errors.contains("restore into a new database"))
    let other = try PostgresServer.shared.get().database()
    #expect(try run(["token", "list"], on: other).errors.contains("there is no database at"))
    #expect(try run(["restore", "--from", site.path("c.dump")], on: other).status == 0)
    let export = try run(["export", "--format", "csv"], on: other)
    #expect(export.status == 0 && export.errors.contains("3 rows, up to 1"))
    let secret = try run(["token", "list"], on: "postgresql://ana:secret@localhost/x")
    #expect(secret.status == 64 && secret.errors.contains("~/.pgpass"))
    let gone = try run(["token", "list"], on: "postgresql:///x?host=\(site.folder.path)")
    #expect(gone.status == 1 && gone.errors.contains("No such file or directory"))
  }
}
