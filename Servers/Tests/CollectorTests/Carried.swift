internal import Domain
internal import Feedback
internal import Foundation
internal import SyncProtocol
internal import Testing

@testable import Collector

/// A signed bundle on the disk of a bench.
struct Carried {
  static let stream = StreamID.numbered(9)

  let bench: Bench
  let key: DeviceKey
  let events: [OfferedEvent]

  init(_ count: Int, key number: UInt8 = 1, analyst: String = "ana", _ kept: Kept = .inSQLite) throws {
    bench = try Bench(kept)
    key = try #require(DeviceKey(seed: [UInt8](repeating: number, count: 32)))
    events = Stub.chain(count, in: Self.stream, analyst: analyst)
  }

  var path: String { bench.path("b.mdsb") }

  func bytes(
    _ range: Range<Int>? = nil, analyst: String = "ana", collector: RawText = "", contents: [BundleBlob] = []
  ) -> [UInt8] {
    let range = range ?? 0..<events.count
    var writer = BundleWriter()
    let header = BundleHeader(
      .events, stream: Self.stream, base: range.lowerBound == 0 ? .empty : events[range.lowerBound - 1].position,
      last: events[range.upperBound - 1].position, count: range.count + contents.count, collectorID: collector,
      analyst: RawText(analyst), workstation: "desk", tool: "test", created: Timestamp(microseconds: 0))
    var bytes = writer.begin(header)
    for event in events[range] { bytes += writer.add(event) }
    for content in contents { bytes += writer.add(content) }
    return bytes + writer.end()
  }

  /// Puts bytes in the file, and their signature beside it.
  func put(_ bytes: [UInt8], namespace: String = SSHSignature.bundles) throws {
    try Data(bytes).write(to: URL(filePath: path))
    var digest = BundleDigest()
    digest.update(bytes)
    let signature = try #require(key.signature(of: digest.message, namespace: namespace))
    try signature.text.write(toFile: path + ".sig", atomically: false, encoding: .utf8)
  }

  func allowing(_ analyst: String = "ana") -> BundleSigner {
    .allowed(AllowedSigners(text: "\(analyst) namespaces=\"mds-bundle\" \(key.publicKey.text)"))
  }

  func run(
    _ signer: BundleSigner? = nil, formerly: Set<RawText> = [], isPartialEnough: Bool = false
  ) async throws -> BundleImport.Report {
    try await BundleImport(
      try bench.collector(), signer: signer ?? allowing(), formerNames: formerly, isPartialEnough: isPartialEnough
    ).run(path)
  }

  /// What the log holds, in order.
  func rows() throws -> [Int] {
    try bench.database.readNow { db in
      try db.rows(
        "SELECT seq FROM log WHERE stream = ? AND quarantine IS NULL ORDER BY lsn", [.bytes(Self.stream.bytes)]
      ).map { try $0.integer("seq") }
    }
  }
}
