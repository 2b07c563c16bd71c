internal import Domain
internal import Feedback
internal import SyncProtocol
internal import Testing

/// Short stories in which a mistake that chance rarely meets does its harm, and the production rules do none.
@Suite("A mistake that is rare") struct MutantScenarioTests {
  /// Devices without faults, whose first has four events that the collector has received.
  private func story(_ mutant: Mutant?) -> Simulation {
    var simulation = Simulation(seed: 1, mutant: mutant)
    simulation.weights.heal()
    simulation.weights.poison = 0
    simulation.weights.bulk = 0
    simulation.weights.lostCommit = 0
    simulation.collector.limits.events = 1000
    simulation.backup = simulation.collector
    save(4, on: 0, &simulation)
    simulation.converse(0)
    return simulation
  }

  private func save(_ count: Int, on device: Int, _ simulation: inout Simulation) {
    for _ in 0..<count { simulation.save(on: device) }
  }

  /// What is found by looking, also after everybody has synced.
  private func fault(in simulation: inout Simulation) -> String? {
    simulation.look()
    simulation.heal()
    simulation.look()
    simulation.checkEnd()
    return simulation.fault
  }

  @Test("a fork without its prefix loses what the collector then forgets", arguments: [nil, Mutant.forkDropsPrefix])
  func prefix(mutant: Mutant?) {
    var simulation = story(mutant)
    simulation.clone(0)
    let copy = simulation.devices.count - 1
    save(1, on: 0, &simulation)
    simulation.converse(0)
    save(1, on: copy, &simulation)
    simulation.converse(copy)
    #expect(simulation.forks == 1)
    // The collector goes back to before, and the first device is thrown away.
    simulation.restore()
    let saved = simulation.saved
    simulation.replace(0, by: simulation.devices[1])
    #expect(saved.subtracting(simulation.saved).count == (mutant == nil ? 1 : 5))
    #expect((fault(in: &simulation) == nil) == (mutant == nil))
  }

  @Test("a base that is not compared claims what a restore has taken", arguments: [nil, Mutant.noLineageCheck])
  func lineage(mutant: Mutant?) {
    var simulation = story(mutant)
    simulation.backup = simulation.collector.backUp()
    save(2, on: 0, &simulation)
    simulation.converse(0)
    simulation.restore()
    save(1, on: 0, &simulation)
    simulation.converse(0)
    #expect((fault(in: &simulation) == nil) == (mutant == nil))
  }

  @Test(
    "a mark without its hash, in an answer to a question from before a restore, archives another copy's events",
    arguments: [nil, Mutant.safeWithoutHash])
  func safe(mutant: Mutant?) {
    var simulation = story(mutant)
    simulation.backup = simulation.collector.backUp()
    simulation.clone(0)
    let copy = simulation.devices.count - 1
    // A question without events, from when four were received, stays on its way.
    let late = EventBatch(
      stream: simulation.devices[copy].stream, base: simulation.devices[copy].cursor.acked, epoch: 1, events: [])
    save(1, on: copy, &simulation)
    simulation.converse(copy)
    simulation.restore()
    save(1, on: 0, &simulation)
    simulation.converse(0)
    simulation.backup = simulation.collector.backUp()
    let reply = simulation.collector.answer(.push(late))
    simulation.arrive(Simulation.Message(due: 0, device: copy, request: .push(late), reply: reply))
    simulation.prune(copy)
    #expect((fault(in: &simulation) == nil) == (mutant == nil))
  }

  @Test("an answer before the commit claims what is not there", arguments: [nil, Mutant.ackBeforeCommit])
  func commit(mutant: Mutant?) {
    var simulation = story(mutant)
    save(1, on: 0, &simulation)
    simulation.begin(0)
    while !simulation.isPushing(0) { simulation.deliver() }
    simulation.weights.lostCommit = 1
    simulation.deliver()
    simulation.weights.lostCommit = 0
    simulation.deliver()
    simulation.look()
    #expect((simulation.fault == nil) == (mutant == nil))
    #expect((fault(in: &simulation) == nil) == (mutant == nil))
  }

  @Test("a copy that only hears of the head keeps a body that the collector refused to the other copy, and says so")
  func headOfACopy() {
    var simulation = story(nil)
    save(1, on: 0, &simulation)
    simulation.weights.bulk = 1
    save(1, on: 0, &simulation)
    simulation.clone(0)
    let copy = simulation.devices.count - 1
    simulation.converse(0)
    simulation.backup = simulation.collector.backUp()
    // The answer to the first event alone tells of both.
    simulation.collector.limits.events = 1
    simulation.converse(copy)
    simulation.converse(copy)
    #expect(simulation.devices[copy].cursor.safe.seq == 6)
    simulation.prune(copy)
    #expect(simulation.devices[copy].wedged.count == 1 && simulation.devices[copy].bodies.count == 1)
    #expect(fault(in: &simulation) == nil)
  }

  @Test("a batch that is refused as a whole, by a collector that says so, costs nothing but the bad event's body")
  func refusedBatch() {
    var simulation = story(nil)
    simulation.collector.mutant = .wholeBatchReject
    simulation.collector.rejection = 422
    save(3, on: 0, &simulation)
    simulation.weights.poison = 1
    save(1, on: 0, &simulation)
    simulation.weights.poison = 0
    save(3, on: 0, &simulation)
    #expect(fault(in: &simulation) == nil)
    #expect(simulation.devices[0].wedged.count == 1)
  }
}

extension Simulation {
  fileprivate func isPushing(_ device: Int) -> Bool {
    if case .push = devices[device].awaited { true } else { false }
  }
}
