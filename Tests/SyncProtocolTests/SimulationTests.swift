internal import SyncProtocol
internal import Testing

#if canImport(Glibc)
  internal import Glibc
#endif

@Suite("Simulated faults") struct SimulationTests {
  /// 200 seeds; `MDS_SEEDS=from-to` runs others.
  static var seeds: ClosedRange<UInt64> {
    guard let text = getenv("MDS_SEEDS").map({ String(cString: $0) }) else { return 0...199 }
    let bounds = text.split(separator: "-").compactMap { UInt64($0) }
    return bounds.count == 2 && bounds[0] <= bounds[1] ? bounds[0]...bounds[1] : 0...199
  }

  @Test("no saved event is lost, doubled, disordered or stuck, whatever the net and the machines do")
  func promises() {
    var events = 0
    var forks = 0
    var restores = 0
    for seed in SimulationTests.seeds {
      var simulation = Simulation(seed: seed)
      simulation.run(steps: 400)
      #expect(simulation.fault == nil, "seed \(seed)")
      events += simulation.saved.count
      forks += simulation.forks
      restores += simulation.restores
    }
    // The faults that the rules are there for do occur.
    #expect(events > 10_000 && forks > 50 && restores > 100)
  }
}
