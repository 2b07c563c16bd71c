public import Domain

/// What a context's sources list, and what each of them that failed says.
public struct ModelListing: Sendable {
  public var groups: [ModelGroup]
  /// What the control plane tells beyond models: servers, runtimes, scales.
  public var inventory: Inventory
  /// Why the service cannot be asked; nil where it answers, also where it has no list of its own.
  public var serviceProblem: Problem?
  /// The lists of a control plane that did not come: what is here may be incomplete.
  public var missing: [Problem]

  public init(
    groups: [ModelGroup], inventory: Inventory = Inventory(), serviceProblem: Problem? = nil, missing: [Problem] = []
  ) {
    self.groups = groups
    self.inventory = inventory
    self.serviceProblem = serviceProblem
    self.missing = missing
  }

  /// Everything that is to be said beside the list.
  public var notices: [Problem] { missing + [serviceProblem].compactMap(\.self) }

  /// The parts of the platform that are not ready, a problem a runtime.
  public var illnesses: [Problem] {
    inventory.runtimes.compactMap { runtime in
      let ill = runtime.conditions.filter { $0.status != .yes }
      guard !ill.isEmpty else { return nil }
      return Problem(
        "Not ready in runtime \(runtime.name.string): \(ill.map(\.type.string).joined(separator: ", ")).",
        advice: "Whoever operates the platform sees why in Kubernetes.",
        detail: ill.map { "\($0.type.string): \($0.words.string)" }.joined(separator: "\n"))
    }
  }
}
