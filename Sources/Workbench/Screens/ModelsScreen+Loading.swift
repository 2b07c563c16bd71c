public import Domain
internal import Frames
internal import SafeText

/// A model to load or to unload at its server.
public struct LoadOrder: Equatable, Sendable {
  public var model: ModelID
  /// False unloads it.
  public var loads: Bool

  public init(model: ModelID, loads: Bool) {
    self.model = model
    self.loads = loads
  }
}

extension ModelsScreen {
  /// What the analyst is asked before it is done.
  enum Question: Equatable, Sendable {
    case load(LoadOrder)
    /// Whether detectors are asked that may keep state.
    case detectors([RawText])
  }
}

extension ModelsScreen.State {
  /// Why the selected model can be neither loaded nor unloaded from here; nil where it can.
  var obstacleToLoading: Obstacle? {
    guard let model = selected?.model else { return "no model is selected" }
    if model.deployed != nil { return "Seldon's control plane is only read from here" }
    return allowsLoading ? nil : "not allowed from here: allow_load = true in the context allows it"
  }

  /// As of when what is on screen is known, where the service does not answer; nil where it does, or nothing is known.
  func lastKnown(asOf now: Timestamp) -> SafeText? {
    guard unreachableSince != nil, let listing = listing.value else { return nil }
    return "last known ".safe + listing.at.shortText(asOf: now).safe
  }

  /// Why a command can do nothing just now, in words.
  func obstacle(to command: Command) -> Obstacle? {
    switch command {
    case .open, .infer, .drift, .review: selected == nil ? "no model is selected" : nil
    case .load: obstacleToLoading
    case .allowDetectors: obstacleToDetectors
    default: nil
    }
  }

  /// Why no detector of the selected model can be allowed to be asked; nil where one can.
  var obstacleToDetectors: Obstacle? {
    guard let selected else { return "no model is selected" }
    return selected.firstDetectors.isEmpty ? "no detector watches \(selected.model.name.string)" : nil
  }

  /// What is asked, after what a yes leads to: that is not what has no room.
  var question: SafeText? {
    switch asking {
    case nil: nil
    case .load(let order):
      "Everybody who uses the server notices. ".safe + (order.loads ? "Load " : "Unload ") + order.model.name.safe + "?"
    case .detectors(let names):
      "A call may change it for everybody. Ask ".safe + names.map(\.safe).joined(separator: ", ") + " from now on?"
    }
  }

  /// What is done after a yes.
  static func effect(of question: ModelsScreen.Question) -> Effect {
    switch question {
    case .load(let order): .load(order)
    case .detectors(let names): .allowDetectors(names)
    }
  }
}
