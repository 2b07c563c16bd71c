internal import Domain
internal import Feedback
internal import Foundation
internal import SyncProtocol
internal import Testing

/// The real program, and lines that are cut.
@Suite("A bundle on its way to mds-collector") struct BundleProcessTests {
  private struct Handing {
    let site: Site
    let carried: Carried
    let token: String
    let bytes: [UInt8]
    let signature: String

    init(_ count: Int, _ kept: Kept = .inSQLite, kilobytes: Int? = nil, signers text: String? = nil) throws {
      carried = try Carried(count)
      let signers = carried.bench.path("signers")
      try (text ?? "ana \(carried.key.publicKey.text)\n").write(toFile: signers, atomically: false, encoding: .utf8)
      site = try Site(["--allowed-signers", signers], kept, kilobytes: kilobytes)
      token = try site.token("brent")
      bytes = carried.bytes()
      signature = try carried.signature(of: bytes)
    }

    private func header(_ signature: String) -> String {
      "\(SSHSignature.header): \(SSHSignature.headerValue(of: Array(signature.utf8)))"
    }

    func begin() throws -> Exchange {
      try Exchange(
        port: site.server.port, "POST", "/v1/bundles", token: token, bytes, headers: [header(signature)])
    }

    func hand() throws -> BundleAnswer {
      let answer = try #require(try begin().answer())
      #expect(answer.status == 200, "\(answer.head) \(String(decoding: answer.body, as: UTF8.self))")
      return try answer.message()
    }

    /// Sends so many bytes of it and ends the connection.
    func cut(after count: Int) throws {
      let line = try Line(port: site.server.port)
      line.send(
        "POST /v1/bundles HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(bytes.count)\r\n"
          + "Authorization: Bearer \(token)\r\n\(header(signature))\r\n\r\n")
      line.send(Array(bytes.prefix(count)))
      line.finish()
      _ = line.readToEnd()
    }

    func rows() throws -> Int { try site.entries(token).count }

    /// Whether the log has each event once and in order.
    func isWhole() throws -> Bool { try site.entries(token).map(\.event) == carried.events }
  }

  @Test(
    "that is cut off leaves nothing, and is whole and once in the log after the next time", arguments: Kept.allCases)
  func cut(_ kept: Kept) throws {
    let handing = try Handing(700, kept)
    for part in [0, 1, 2, 3] { try handing.cut(after: handing.bytes.count * part / 4) }
    try handing.cut(after: handing.bytes.count - 1)
    #expect(try handing.site.entries(handing.token).isEmpty)
    #expect(try handing.hand().verdicts == [.stored: 700])
    try handing.cut(after: handing.bytes.count / 2)
    #expect(try handing.hand().verdicts == [.duplicate: 700])
    #expect(try handing.isWhole())
  }

  @Test("survives a server that is killed while it takes it in: the next sending goes on, and each event is there once")
  func killed() throws {
    let handing = try Handing(4000)
    var taken = 0
    for _ in 0..<4 {
      let exchange = try handing.begin()
      // Something of it is in, and not all.
      while try handing.rows() <= taken, !exchange.isAnswered {}
      handing.site.server.kill()
      _ = exchange.answer()
      try handing.site.restart()
      taken = try handing.rows()
    }
    let answer = try handing.hand()
    let words: Set<RecordVerdict> = [.stored, .duplicate]
    #expect(answer.results.last?.last == 4000 && answer.results.allSatisfy { words.contains($0.verdict) })
    #expect(try handing.isWhole())
    #expect(try Program.run(["verify", "--database", handing.site.database]).status == 0)
    let left = try FileManager.default.contentsOfDirectory(atPath: handing.site.folder.path)
    #expect(!left.contains { $0.hasPrefix(".mds-bundle") })
  }

  @Test("for which the disk has no room is sent away, and nothing else is concerned")
  func full() throws {
    let handing = try Handing(4000, kilobytes: 400)
    let refused = try #require(try handing.begin().answer())
    #expect(refused.status == 503 && String(decoding: refused.body, as: UTF8.self).contains("disk is full"))
    #expect(refused.header("retry-after") != nil)
    #expect(try handing.site.ask("GET", "/v1/health", nil).status == 200)
    #expect(try handing.site.entries(handing.token).isEmpty)
  }

  @Test("is told what is wrong with the file that says whose signatures count, before there is a server")
  func signers() throws {
    let carried = try Carried(1)
    let (signers, database) = (carried.bench.path("signers"), carried.bench.path("other.db"))
    let missing = try Program.run(["serve", "--database", database, "--allowed-signers", signers])
    #expect(missing.status != 0 && missing.errors.contains("cannot be read"))
    #expect(!FileManager.default.fileExists(atPath: database))
    let large = try Program.run(["serve", "--database", database, "--max-bundle", "0"])
    #expect(large.status != 0 && large.errors.contains("--max-bundle is from 1 to 4096"))
    let help = try Program.run(["serve", "--help"]).output
    #expect(help.contains("valid-before lets nobody in"), "\(help)")
  }

  @Test("is let in by the first line of a file that was empty when the server began") func firstLine() throws {
    let handing = try Handing(3, signers: "")
    let refused = try #require(try handing.begin().answer())
    #expect(
      refused.status != 200 && String(decoding: refused.body, as: UTF8.self).contains("no line of allowed_signers"))
    try "ana \(handing.carried.key.publicKey.text)\n".write(
      toFile: handing.carried.bench.path("signers"), atomically: false, encoding: .utf8)
    #expect(try handing.hand().verdicts == [.stored: 3])
  }
}
