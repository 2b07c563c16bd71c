internal import Feedback
internal import SyncProtocol
internal import Testing
internal import TortureReport

#if canImport(Glibc)
  internal import Glibc
#endif

@Suite("Simulated faults") struct SimulationTests {
  /// Each part runs so many that are the same in each run, and as many that no run had before.
  private static let parts = 5
  private static let seeds: UInt64 = 50

  /// `MDS_SEEDS=from-to` runs these instead; a fault names its seed.
  private static func ranges(part: Int) -> [ClosedRange<UInt64>] {
    if let text = getenv("MDS_SEEDS").map({ String(cString: $0) }) {
      let bounds = text.split(separator: "-").compactMap { UInt64($0) }
      guard bounds.count == 2, bounds[0] <= bounds[1] else { return [] }
      let width = (bounds[1] - bounds[0]) / UInt64(parts) + 1
      let first = bounds[0] + UInt64(part) * width
      return first > bounds[1] ? [] : [first...min(bounds[1], first + width - 1)]
    }
    let pinned = UInt64(part) * seeds
    let fresh = UInt64.random(in: 1_000_000...(1 << 60))
    return [pinned...(pinned + seeds - 1), fresh...(fresh + seeds - 1)]
  }

  @Test(
    "no saved event is lost, doubled, disordered or stuck, whatever the net and the machines do",
    arguments: 0..<SimulationTests.parts)
  func promises(part: Int) {
    var (events, forks, restores, runs, faults, slowest, slowestSeed) = (0, 0, 0, 0, 0, Duration.zero, UInt64(0))
    var (inForce, published, repeated, turnedAway) = (0, 0, 0, 0)
    for range in Self.ranges(part: part) {
      for seed in range {
        var simulation = Simulation(seed: seed)
        let duration = ContinuousClock().measure { simulation.run(steps: 400) }
        #expect(simulation.fault == nil, "seed \(seed)")
        if simulation.fault != nil { faults += 1 }
        if duration > slowest { (slowest, slowestSeed) = (duration, seed) }
        runs += 1
        events += simulation.count
        forks += simulation.forks
        restores += simulation.restores
        inForce += simulation.inForce
        published += simulation.published
        repeated += simulation.repeated
        turnedAway += simulation.turnedAway
      }
      print(
        "simulated seeds \(range.lowerBound)-\(range.upperBound): runs \(runs) events \(events) forks \(forks) "
          + "restores \(restores) items \(published) again \(repeated) slowest \(slowestSeed)")
      // The faults that the rules are there for do occur.
      #expect(published > runs * 20 && repeated > runs && (runs < 40 || turnedAway > 0))
      #expect(inForce > runs && events > runs * 30 && (runs < 40 || forks > runs / 4 && restores > runs / 2))
    }
    TortureReport.add(
      "simulation",
      [
        "seeds": runs, "events": events, "forks": forks, "restores": restores, "broken": faults,
        "items": published, "items_again": repeated, "slowest_microseconds": Int(slowest / .microseconds(1)),
        "slowest_seed": Int(slowestSeed),
      ])
  }

  @Test("a clock that jumps changes nothing of what is kept where", arguments: 0..<12 as Range<UInt64>)
  func clocks(seed: UInt64) {
    let outcomes = (0..<3 as Range<UInt64>).map { clocks in
      var simulation = Simulation(seed: seed, clocks: clocks)
      simulation.clockJumps = clocks > 0
      simulation.run(steps: 300)
      #expect(simulation.fault == nil)
      return Outcome(simulation)
    }
    #expect(outcomes[0] == outcomes[1] && outcomes[0] == outcomes[2])
  }

  /// Who has what in the end, without the times.
  private struct Outcome: Equatable {
    struct Place: Hashable {
      var stream: StreamID
      var seq: Int
      var number: [UInt8]
      var isAlias: Bool
    }

    var log: [Place]
    var devices: [[[UInt8]]]
    var cursors: [[Int]]

    init(_ simulation: Simulation) {
      func number(_ id: EventID) -> [UInt8] { Array(id.bytes.suffix(8)) }
      log = simulation.collector.rows.map {
        Place(stream: $0.stream, seq: $0.event.seq, number: number($0.event.eventID), isAlias: $0.isAlias)
      }
      devices = simulation.devices.map { $0.events.map { number($0.eventID) + [$0.body == nil ? 0 : 1] } }
      cursors = simulation.devices.map { [$0.cursor.epoch, $0.cursor.acked.seq, $0.cursor.safe.seq] }
    }
  }
}
