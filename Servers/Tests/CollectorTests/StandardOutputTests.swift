internal import Domain
internal import Foundation
internal import Glibc
internal import Testing

@testable import Collector

@Suite("What mds-collector prints") struct StandardOutputTests {
  private func run(_ script: String, _ arguments: [String]) throws -> Program.Outcome {
    try Program.run("/bin/bash", ["-c", script, try Program.path()] + arguments)
  }

  @Test("and a full disk does not take is no success: each command says so and ends with 1")
  func fullDisk() async throws {
    let bench = try await Filled(.inSQLite).bench
    try bench.database.close()
    let commands = [
      ["answers"], ["audit"], ["streams"], ["verify", "--json"], ["publish", "list"], ["token", "list"],
      ["backup", "--place"], ["publish", "question", "why?"],
    ]
    for command in commands where command != ["answers"] {
      let run = try run("\"$0\" \"$@\" > /dev/full", command + ["--database", bench.path("c.db")])
      #expect(
        run.status == 1 && run.errors.contains("standard output cannot be written: No space left"), "\(command): \(run)"
      )
    }
  }

  @Test("to somebody who went away ends as a closed pipe ends every command") func closedPipe() async throws {
    let bench = try await Filled(.inSQLite).bench
    try bench.database.close()
    // The reader is gone before the command begins to print.
    let script = #"exec 3> >(exit 0); wait $!; "$0" "$@" >&3"#
    let run = try run(script, ["audit", "--database", bench.path("c.db")])
    #expect(run.status == 141 && run.errors == "", "\(run)")
  }

  @Test("a token that nobody could read is revoked at once") func token() throws {
    let bench = try Bench()
    try bench.database.close()
    let make = ["token", "create", "--analyst", "ana", "--device", "desk", "--database", bench.path("c.db")]
    let run = try run("\"$0\" \"$@\" > /dev/full", make)
    #expect(run.status == 1 && run.errors.contains("is revoked"), "\(run)")
    let list = try Program.run(["token", "list", "--database", bench.path("c.db")])
    #expect(list.output.contains("ana\tdesk") && list.output.contains("revoked"), "\(list)")
  }
}
