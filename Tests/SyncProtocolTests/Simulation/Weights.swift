/// How likely each thing is in one run. Half of the faults are left out of a run, so that the others come together more
/// often (swarm testing: Groce et al., 2012).
struct Weights {
  /// What can happen next.
  enum Step: CaseIterable {
    case save, begin, deliver, timeOut, kill, prune, backUp, restore, clone, rollBack, fillDisk, jumpClock
  }

  private var steps: [(Step, Double)] = []
  var loss: Double
  var duplication: Double
  var lateness: Double
  /// Of a collector that is killed before its commit.
  var lostCommit: Double
  /// Of a device that is killed between one thing that it does and the next.
  var crash: Double
  /// Of a collector that is too busy.
  var busy: Double
  /// Of a copy that was made, with the collector killed before it was marked.
  var unmarked: Double
  /// Of a body that is no event's.
  var poison: Double
  /// Of a body that is larger than the collector takes.
  var bulk: Double
  /// The most events of one request.
  var batch: Int
  /// Whether the two sides are of different versions.
  var isForeign: Bool

  init(using random: inout SeededGenerator) {
    loss = Double.random(in: 0.05...0.3, using: &random)
    duplication = Double.random(in: 0...0.3, using: &random)
    lateness = Double.random(in: 0...0.5, using: &random)
    lostCommit = Double.random(in: 0...0.2, using: &random)
    crash = random.chance(0.5) ? 0 : Double.random(in: 0...0.03, using: &random)
    busy = random.chance(0.5) ? 0 : Double.random(in: 0...0.1, using: &random)
    unmarked = Double.random(in: 0...0.3, using: &random)
    poison = Double.random(in: 0...0.06, using: &random)
    bulk = Double.random(in: 0...0.05, using: &random)
    batch = random.chance(0.3) ? 1000 : Int.random(in: 1...8, using: &random)
    isForeign = random.chance(0.1)
    for step in Step.allCases { steps.append((step, weight(of: step, &random))) }
  }

  private func weight(of step: Step, _ random: inout SeededGenerator) -> Double {
    switch step {
    case .save: Double.random(in: 0.1...0.35, using: &random)
    case .begin: Double.random(in: 0.1...0.3, using: &random)
    case .deliver: Double.random(in: 0.25...0.45, using: &random)
    case .timeOut: 0.05
    case .kill, .prune: random.chance(0.5) ? 0.005 : Double.random(in: 0.005...0.04, using: &random)
    case .backUp: Double.random(in: 0.002...0.02, using: &random)
    case .restore: Double.random(in: 0.003...0.015, using: &random)
    case .clone: random.chance(0.3) ? 0 : Double.random(in: 0.004...0.03, using: &random)
    case .rollBack: random.chance(0.5) ? 0 : Double.random(in: 0.001...0.006, using: &random)
    case .fillDisk, .jumpClock: random.chance(0.5) ? 0 : Double.random(in: 0.005...0.02, using: &random)
    }
  }

  func next(using random: inout SeededGenerator) -> Step {
    var place = Double.random(in: 0..<steps.reduce(0) { $0 + $1.1 }, using: &random)
    for (step, weight) in steps {
      place -= weight
      if place < 0 { return step }
    }
    return .save
  }

  /// Nothing fails any more.
  mutating func heal() {
    loss = 0
    crash = 0
    busy = 0
    isForeign = false
  }
}
