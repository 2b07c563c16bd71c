/// A predictor with the models that serve it.
public struct ModelGroup: Hashable, Sendable, Identifiable {
  public var model: Model
  public var explainers: [ModelID]
  public var driftDetectors: [ModelID]
  public var outlierDetectors: [ModelID]
  /// The explainers and detectors themselves, as far as they are listed.
  public var attendants: [Model]

  public var id: ModelID { model.id }

  public init(
    model: Model, explainers: [ModelID] = [], driftDetectors: [ModelID] = [], outlierDetectors: [ModelID] = [],
    attendants: [Model] = []
  ) {
    self.model = model
    self.explainers = explainers
    self.driftDetectors = driftDetectors
    self.outlierDetectors = outlierDetectors
    self.attendants = attendants
  }

  /// An explainer or a detector that does not answer: the first of them.
  public var ailing: Model? { attendants.first { $0.state != .ready } }

  /// The detector of each kind that is asked first: one that answers, if any does. A detector whose model is not listed
  /// stands for itself.
  public var firstDetectors: [ModelID] {
    switch model.role {
    case .driftDetector, .outlierDetector: [model.id]
    case .predictor, .explainer: [driftDetectors, outlierDetectors].compactMap { first(of: $0) }
    }
  }

  private func first(of detectors: [ModelID]) -> ModelID? {
    detectors.first { id in attendants.first { $0.id == id }?.state == .ready } ?? detectors.first
  }

  /// Groups models by whom they serve: explainers and detectors under their predictor, the rest by themselves, and so
  /// those whose predictor is not listed.
  public static func groups(of models: [Model]) -> [ModelGroup] {
    let names = Set(models.filter(\.role.isPredictor).map(\.id.name))
    let attending = Dictionary(grouping: models.filter { !$0.role.isPredictor }) { $0.role.target ?? "" }
    return models.filter { $0.role.isPredictor || !names.contains($0.role.target ?? "") }.map { model in
      var group = ModelGroup(model: model)
      guard model.role.isPredictor else { return group }
      for other in attending[model.id.name] ?? [] {
        group.attendants.append(other)
        switch other.role {
        case .predictor: break
        case .explainer: group.explainers.append(other.id)
        case .driftDetector: group.driftDetectors.append(other.id)
        case .outlierDetector: group.outlierDetectors.append(other.id)
        }
      }
      return group
    }
  }
}
