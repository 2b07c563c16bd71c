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

extension ModelsScreen.State {
  /// Why the selected model can be neither loaded nor unloaded from here; nil where it can.
  var obstacleToLoading: String? {
    guard let model = selected?.model else { return "no model is selected" }
    if model.deployed != nil { return "Seldon's control plane is only read from here" }
    return allowsLoading ? nil : "not allowed from here: allow_load = true in the context allows it"
  }

  /// What is asked, in one line.
  var question: SafeText? {
    asking.map { order in
      (order.loads ? "Load " : "Unload ") + order.model.name.safe + "? Everybody who uses the server notices."
    }
  }
}
