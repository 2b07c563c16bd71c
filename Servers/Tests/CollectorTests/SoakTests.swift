internal import Foundation
internal import Testing
internal import TortureReport

@Suite("A ledger of many events on a bad line") struct SoakTests {
  /// `make torture` sends a million.
  private static let events = ProcessInfo.processInfo.environment["MDS_SOAK"].flatMap { Int($0) } ?? 20_000

  @Test("is with the collector in the end, each event once, though every twentieth request is cut")
  func soak() async throws {
    let wire = try await Wire()
    for first in stride(from: 0, to: Self.events, by: 5000) { try await wire.save(min(5000, Self.events - first)) }
    wire.proxy.cut(share: 0.05)
    let rounds = try await wire.catchUp()
    let found = try await wire.check()
    let (requests, cuts) = (wire.proxy.requests, wire.proxy.cuts)
    TortureReport.add(
      "soak",
      [
        "events": found.events, "requests": requests, "cuts": cuts, "lost": found.lost,
        "duplicated": found.duplicated,
      ])
    print("\(found.events) events in \(rounds) rounds and \(requests) requests, \(cuts) cut; they are \(found.digest)")
    #expect(found.events > Self.events)
    #expect(found.lost == 0 && found.duplicated == 0)
    if Self.events >= 100_000 { #expect(cuts * 100 > requests) }
  }
}
