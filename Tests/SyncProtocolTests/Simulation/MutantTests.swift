internal import Testing

@Suite("A mistake in the protocol") struct MutantTests {
  private static let seeds: Range<UInt64> = 0..<24

  /// Those that chance rarely finds have a scenario in `MutantScenarioTests`.
  private static let common = Mutant.allCases.filter { $0 != .safeWithoutHash }

  @Test("is caught by the simulation", arguments: common)
  func caught(mutant: Mutant) {
    var faults: [String: Int] = [:]
    for seed in Self.seeds {
      var simulation = Simulation(seed: seed, mutant: mutant)
      simulation.run(steps: 400)
      if let fault = simulation.fault { faults[String(fault.prefix(2)), default: 0] += 1 }
    }
    let count = faults.values.reduce(0, +)
    print("mutant \(mutant.rawValue): caught in \(count) of \(Self.seeds.count) seeds \(faults)")
    #expect(count >= 4)
  }
}
