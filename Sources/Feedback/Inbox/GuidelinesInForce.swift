public import Domain

/// The guidelines that researchers have published and nothing took the place of, each for its model.
public struct GuidelinesInForce: Equatable, Sendable {
  private var guidelines: [RawText: Guideline] = [:]

  public init(_ guidelines: [Guideline] = []) {
    for guideline in guidelines { add(guideline) }
  }

  /// Takes in one more; for a model that has one already it is the newer.
  public mutating func add(_ guideline: Guideline) { guidelines[guideline.name] = guideline }

  /// The model's own, else the one for models that have none; nil where there is neither.
  public func guideline(for model: RawText) -> Guideline? { guidelines[model] ?? guidelines[Guideline.forEveryModel] }
}
