internal import Domain
internal import Feedback
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import InProcess
internal import SyncProtocol
internal import Testing

@testable import Collector

@Suite("A bundle that is handed in over the network") struct BundleRouteTests {
  /// A collector that lets the bundle's key in as this analyst's.
  private func collector(_ carried: Carried, as analyst: String = "ana", limit: Int = 64 << 20) throws -> Collector {
    let signers = carried.bench.path("signers")
    try "\(analyst) namespaces=\"mds-bundle\" \(carried.key.publicKey.text)\n"
      .write(toFile: signers, atomically: false, encoding: .utf8)
    var settings = ServerSettings()
    settings.bundles = BundleSettings(allowedSigners: signers, folder: carried.bench.folder.path, limit: limit)
    return try Collector(carried.bench.database, settings: settings)
  }

  private func caller(_ collector: Collector, _ token: String?) -> Caller {
    Caller(client: InProcessClient(collector.router().buildResponder()), token: token)
  }

  @Test(
    "is in the log as if it had been imported, whoever's token brings it; once more its events are duplicates",
    arguments: Kept.allCases)
  func whole(_ kept: Kept) async throws {
    let carried = try Carried(1200, kept)
    let collector = try self.collector(carried)
    let caller = self.caller(collector, try carried.bench.token("brent"))
    let bytes = carried.bytes()
    let answer = try await caller.hand(bytes, try carried.signature(of: bytes))
    #expect(answer.status == 200)
    let taken = try answer.message(BundleAnswer.self)
    #expect(taken.analyst == "ana" && taken.stream == Carried.stream && taken.bundle == Hash.of(bytes))
    #expect(taken.results == [BundleAnswer.Run(1, through: 1200, .stored)] && taken.verdicts == [.stored: 1200])
    let receipts = try receipts(in: taken.receipt)
    #expect(receipts.flatMap(\.answer.results).map(\.position) == carried.events.map(\.position))
    #expect(receipts.allSatisfy { $0.answer.head == carried.events.last?.position })
    #expect(try carried.rows() == Array(1...1200))

    let again = try await caller.hand(bytes, try carried.signature(of: bytes)).message(BundleAnswer.self)
    #expect(again.verdicts == [.duplicate: 1200] && again.receipt.count == taken.receipt.count)
    #expect(try carried.rows().count == 1200)
    let audit = try carried.bench.database.readNow { db in
      try db.rows("SELECT actor, detail FROM audit WHERE action = 'import'").map { try $0.text("actor") }
    }
    #expect(audit.count == 2 && audit.allSatisfy { $0.hasSuffix(" brent laptop") })
    #expect(try Verification(carried.bench.database).run().faults == [])
    #expect(try await collector.figures().contains("mds_collector_bundles_total{outcome=\"taken\"} 2"))
    let left = try FileManager.default.contentsOfDirectory(atPath: carried.bench.folder.path)
    #expect(!left.contains { $0.hasPrefix(".mds-bundle") })
  }

  @Test("that overlaps says of each event what became of it, and why some are set aside", arguments: Kept.allCases)
  func results(_ kept: Kept) async throws {
    let carried = try Carried(30, kept)
    let caller = self.caller(try collector(carried), try carried.bench.token("ana"))
    let first = carried.bytes(0..<20)
    #expect(try await caller.hand(first, try carried.signature(of: first)).status == 200)
    let rest = carried.bytes(10..<30)
    let answer = try await caller.hand(rest, try carried.signature(of: rest)).message(BundleAnswer.self)
    #expect(answer.results == [.init(11, through: 20, .duplicate), .init(21, through: 30, .stored)])

    let foreign = try Carried(3, kept)
    let bytes = foreign.bytes(analyst: "brent")
    let other = self.caller(try collector(foreign, as: "brent"), try foreign.bench.token("ana"))
    let aside = try await other.hand(bytes, try foreign.signature(of: bytes)).message(BundleAnswer.self)
    #expect(aside.results == [.init(1, through: 3, .quarantined, code: "analyst")])
  }

  @Test("is refused as `import` refuses it, and nothing of it is taken")
  func refusals() async throws {
    let carried = try Carried(3)
    let token = try carried.bench.token("brent")
    let caller = self.caller(try collector(carried), token)
    let bytes = carried.bytes()
    let signature = try carried.signature(of: bytes)
    func refused(_ answer: Caller.Answer) -> String { "\(answer.status) \(answer.refusal)" }
    #expect(try await refused(caller.call(.post, "/v1/bundles", bytes)) == "400 bad-message")
    #expect(try await refused(caller.hand(bytes, "no signature")) == "422 signature")
    var changed = bytes
    changed[changed.count / 2] ^= 1
    #expect(try await refused(caller.hand(changed, signature)) == "422 bundle")
    let other = carried.bytes(0..<2)
    #expect(try await refused(caller.hand(other, signature)) == "422 signature")
    #expect(try await refused(caller.hand([1, 2, 3], try carried.signature(of: [1, 2, 3]))) == "422 bundle")
    let elsewhere = carried.bytes(collector: "elsewhere")
    #expect(
      try await refused(caller.hand(elsewhere, try carried.signature(of: elsewhere))) == "409 other-collector")
    let named = carried.bytes(analyst: "carl")
    #expect(try await refused(caller.hand(named, try carried.signature(of: named))) == "422 former-name")
    #expect(try await refused(caller.hand(bytes, signature, [.contentEncoding: "gzip"])) == "415 encoding")
    let stranger = self.caller(try collector(carried, as: "unix:ana@desk"), token)
    #expect(try await refused(stranger.hand(bytes, signature)) == "403 signer")
    let small = self.caller(try collector(carried, limit: bytes.count - 1), token)
    #expect(try await refused(small.hand(bytes, signature)) == "413 too-large")
    let none = self.caller(try carried.bench.collector(), token)
    #expect(try await refused(none.hand(bytes, signature)) == "404 no-bundles")
    let hello = try await none.get("/v1/hello").message(Hello.self)
    #expect(hello.limits.bundleBytes == nil && !hello.capabilities.contains("bundles"))
    #expect(try carried.rows().isEmpty)

    let open = self.caller(try collector(carried, limit: bytes.count), token)
    let greeting = try await open.get("/v1/hello").message(Hello.self)
    #expect(greeting.limits.bundleBytes == bytes.count && greeting.capabilities.contains("bundles"))
    #expect(try await open.hand(bytes, signature).status == 200)
    let foreign = self.caller(try collector(carried, as: "brent"), token)
    let theirs = carried.bytes(analyst: "brent")
    #expect(try await refused(foreign.hand(theirs, try carried.signature(of: theirs))) == "403 foreign-stream")
    // The key is a token that is listed, and refused once it is revoked.
    let book = TokenBook(carried.bench.database)
    for key in try book.list() where key.device.hasPrefix("key ") && key.analyst == "ana" { try book.revoke(key.id) }
    let revoked = self.caller(try collector(carried), token)
    #expect(try await refused(revoked.hand(bytes, signature)) == "403 signer")
  }

  @Test("that goes on from what a restored collector lost is refused with a receipt of where the stream stands")
  func behind() async throws {
    let carried = try Carried(30)
    let caller = self.caller(try collector(carried), try carried.bench.token("ana"))
    let first = carried.bytes(0..<10)
    #expect(try await caller.hand(first, try carried.signature(of: first)).status == 200)
    let late = carried.bytes(20..<30)
    let answer = try await caller.hand(late, try carried.signature(of: late))
    let refusal = try answer.message(Refusal.self)
    #expect(answer.status == 409 && refusal.error == "lineage")
    let receipts = try receipts(in: try #require(refusal.receipt))
    #expect(receipts.map(\.base) == [.empty] && receipts.first?.answer.head == carried.events[9].position)
  }

  @Test("comes one at a time of a token, and few at once of all; the others are told when to come again")
  func crowd() async throws {
    let desk = BundleDesk()
    func statuses(_ tokens: [Int64]) async -> Int? {
      guard let token = tokens.first else { return nil }
      do {
        return try await desk.attend(token) { (await statuses(Array(tokens.dropFirst())), 1) }
      } catch let refused as Refused {
        return refused.refusal.retryAfter == 5000 ? refused.status.code : 0
      } catch {
        return 0
      }
    }
    #expect(await statuses([1, 2, 1]) == 429)
    #expect(await statuses([1, 2, 3, 4]) == nil)
    #expect(await statuses([1, 2, 3, 4, 5]) == 503)
    #expect(await statuses([1]) == nil)
    #expect(desk.figures.taken == 11 && desk.figures.refused == 0)
  }

  private func receipts(in bytes: [UInt8]) throws -> [BundleReceipt] {
    var reader = BundleReader()
    reader.feed(bytes)
    var receipts: [BundleReceipt] = []
    while let item = try reader.next() { if case .receipt(let receipt) = item { receipts.append(receipt) } }
    try reader.finish()
    return receipts
  }
}

extension Carried {
  /// The text of the signature file.
  func signature(of bytes: [UInt8]) throws -> String {
    var digest = BundleDigest()
    digest.update(bytes)
    return try #require(key.signature(of: digest.message, namespace: SSHSignature.bundles)).text
  }
}

extension Caller {
  func hand(_ bytes: [UInt8], _ signature: String, _ headers: HTTPFields = [:]) async throws -> Answer {
    var headers = headers
    let name = try #require(HTTPField.Name(SSHSignature.header))
    headers[name] = SSHSignature.headerValue(of: Array(signature.utf8))
    return try await call(.post, "/v1/bundles", bytes, headers: headers)
  }
}
