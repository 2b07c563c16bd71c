internal import Deployment
internal import Domain

/// What is known of a service's models, and whether the service said it in this session.
struct KnownModels: Sendable {
  private(set) var models: [Model] = []
  private(set) var descriptions: [ModelID: ModelDescription] = [:]
  /// When the service listed them.
  private(set) var at: Timestamp?
  /// Whether they were listed in this session.
  private(set) var isFresh = false
  /// What the control plane told of its servers in this session.
  var servers: [ModelServer] = []

  /// What an earlier session was told.
  init(remembered: (at: Timestamp, models: [Model])?) {
    guard let remembered else { return }
    take(remembered.models)
    at = remembered.at
  }

  /// The model of a name: by its address, else by what people call it. Of several versions the one that answers where
  /// none is named.
  func model(named name: RawText) -> Model? {
    let addressed = models.filter { $0.id.name == name }
    return Model.newest(of: addressed.isEmpty ? models.filter { $0.name == name } : addressed)
  }

  /// The group that a model leads; nil for one that serves another.
  func group(of model: Model) -> ModelGroup? { ModelGroup.groups(of: models).first { $0.id == model.id } }

  /// Takes what the service lists now.
  mutating func list(_ models: [Model], at moment: Timestamp) {
    descriptions = [:]
    take(models)
    at = moment
    isFresh = true
  }

  /// Takes what the service says of one model.
  mutating func describe(_ description: ModelDescription) { descriptions[description.id] = description }

  /// What was described may be described otherwise from now on.
  mutating func forgetDescriptions() { descriptions = [:] }

  private mutating func take(_ models: [Model]) {
    self.models = models
    for model in models {
      guard let signature = model.signature else { continue }
      descriptions[model.id] = ModelDescription(
        id: model.id, platform: model.platform, signature: signature, role: model.role)
    }
  }
}
