public import Deployment
public import Domain
internal import Ledger
internal import Synchronization

/// What is known of calling a detector: one that keeps state answers the next call differently, for everybody.
public enum DetectorUse: String, Hashable, Sendable {
  /// A call leaves it as it was: it is asked whenever it helps.
  case stateless
  /// The analyst said that it may be asked.
  case allowed
  /// Its answers say that calls change it.
  case stateful
  /// It has not said.
  case unknown

  /// Whether it is asked without asking the analyst first.
  public var mayBeAsked: Bool { self == .stateless || self == .allowed }
}

extension Workspace {
  private var detectorsKey: String { "detectors \(context.name)" }

  /// What is known of calling a detector: its metadata's or the catalogue's word, what its earlier answers said, what
  /// the analyst allowed.
  public func use(of detector: ModelDescription) async -> DetectorUse {
    if detector.isStateless || (try? detector.reference()) != nil { return .stateless }
    return await remembered(of: detector.id.name)
  }

  private func remembered(of detector: RawText) async -> DetectorUse {
    let key = detectorsKey
    let kept = try? await onLedger { ledger throws(LedgerError) in try ledger.value(for: key) }
    return kept?[detector]?.string.flatMap(DetectorUse.init) ?? .unknown
  }

  /// Allows asking a detector that may keep state, or takes that back; remembered in the ledger.
  public func allow(_ detector: RawText, _ isAllowed: Bool) async throws(Problem) {
    let model = try await model(named: detector.string)
    switch model.role {
    case .driftDetector, .outlierDetector: break
    case .predictor, .explainer:
      throw Problem(
        "\(detector.string) is no detector.", advice: "Models and explainers are always asked.", kind: .invalidInput)
    }
    try await remember(isAllowed ? .allowed : .unknown, of: model.id.name)
  }

  /// Keeps what a detector's answer said of it. One that was allowed stays so.
  func learn(of detector: ModelID) async {
    guard let isOnline = service.isOnline(detector) else { return }
    if isOnline, await remembered(of: detector.name) == .allowed { return }
    try? await remember(isOnline ? .stateful : .stateless, of: detector.name)
  }

  private func remember(_ use: DetectorUse, of detector: RawText) async throws(Problem) {
    let key = detectorsKey
    try await onLedger { ledger throws(LedgerError) in
      var members = try ledger.value(for: key)?.members ?? []
      members.removeAll { $0.key == detector }
      if use != .unknown { members.append(JSON.Member(detector, .text(use.rawValue))) }
      try ledger.set(.object(members), for: key)
    }
  }

  /// The first of some detectors that may be asked, and why none of the others is.
  func detector(
    among detectors: [ModelID]
  ) async throws(DeploymentError) -> (ask: ModelDescription?, waiting: [ModelID]) {
    var waiting: [ModelID] = []
    for id in detectors {
      let description = try await described(id)
      if await use(of: description).mayBeAsked { return (description, waiting) }
      waiting.append(id)
    }
    return (nil, waiting)
  }

  /// That a detector waits for the analyst's word.
  static func waits(_ detector: ModelID) -> Problem {
    Problem(
      "\(detector.name.string) does not say whether a call changes it, and was not asked.",
      advice: "A on Models or `mds models allow \(detector.name.string)` lets it be asked; docs/catalogue.md: "
        + "stateless = true.")
  }
}
