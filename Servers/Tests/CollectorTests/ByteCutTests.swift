internal import Foundation
internal import Testing
internal import TortureReport

@Suite("A connection that is cut") struct ByteCutTests {
  /// `make torture` cuts at every byte (1), or at every so many; else at some that chance picks.
  private static let step = ProcessInfo.processInfo.environment["MDS_CUTS"].flatMap { Int($0) }

  @Test("at any byte of a request or its answer, in any way, costs no event and brings none twice")
  func anywhere() async throws {
    let wire = try await Wire()
    let events = Self.step == nil ? 3 : 10
    _ = try await wire.sync(nil)
    try await wire.save(events)
    // How many bytes a round has, when nothing is cut.
    _ = try await wire.sync(nil)
    let bytes = CutProxy.Direction.allCases.map { ($0, wire.proxy.passed($0)) }
    var (cuts, missed) = (0, 0)
    for (direction, count) in bytes {
      #expect(count > 500)
      for offset in Self.offsets(count) {
        for mode in Self.modes(offset) {
          try await wire.save(events)
          let isCut = try await wire.sync(CutProxy.Cut(direction: direction, offset: offset, mode: mode))
          if isCut { cuts += 1 } else { missed += 1 }
        }
      }
    }
    let found = try await wire.check()
    TortureReport.add(
      "byte_cuts",
      ["cuts": cuts, "events": found.events, "lost": found.lost, "duplicated": found.duplicated])
    print("cut \(cuts) times in \(bytes.map(\.1)) bytes, \(missed) rounds were shorter: \(found)")
    #expect(cuts > 20)
    #expect(found.lost == 0 && found.duplicated == 0)
  }

  private static func offsets(_ count: Int) -> [Int] {
    if let step { return Array(stride(from: 0, to: count, by: max(1, step))) }
    return (0..<8).map { _ in Int.random(in: 0..<count) } + [0, 1, count - 1]
  }

  /// A stall takes as long as the client's patience: in the long form at every hundredth byte.
  private static func modes(_ offset: Int) -> [CutProxy.Mode] {
    if step != nil { return offset % 100 == 0 ? CutProxy.Mode.allCases : [.reset, .finish] }
    return [CutProxy.Mode.allCases[offset % 3]]
  }
}
