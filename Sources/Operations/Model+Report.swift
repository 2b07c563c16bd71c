public import Domain
internal import Feedback

extension Model {
  /// The model as one line of JSON; with the members of its group where it stands for one.
  public func json(group members: [JSON.Member] = [], signature: Signature? = nil) -> JSON {
    var lines = [
      JSON.Member("name", JSON.raw(name)), JSON.Member("address", JSON.raw(id.name)),
      JSON.Member("kind", .text(kind.word)), JSON.Member("version", version.map(JSON.raw) ?? .null),
      JSON.Member("state", .text(state.rawValue)), JSON.Member("reason", JSON.raw(reason)),
      JSON.Member("platform", JSON.raw(platform)), JSON.Member("role", .text(role.word)),
      JSON.Member("serves", role.target.map(JSON.raw) ?? .null),
    ]
    lines += members
    if let deployed {
      lines += [
        JSON.Member("namespace", JSON.raw(deployed.namespace)), JSON.Member("server", JSON.raw(deployed.server)),
        JSON.Member("replicas", deployed.replicas?.json ?? .null),
        JSON.Member("versions", .array(deployed.versions.map(\.json))),
        JSON.Member("requirements", .array(deployed.requirements.map(JSON.raw))),
        JSON.Member("storage", JSON.raw(deployed.storage)),
        JSON.Member("used_by", .array(deployed.usedBy.map(JSON.raw))),
        JSON.Member("scale", deployed.scale?.json ?? .null),
      ]
    }
    switch kind {
    case .model: break
    case .pipeline(let pipeline): lines.append(JSON.Member("pipeline", pipeline.json))
    case .experiment(let experiment): lines.append(JSON.Member("experiment", experiment.json))
    }
    if let signature {
      lines.append(JSON.Member("fields", .array(signature.fields.map(\.json))))
      lines.append(JSON.Member("classes", .array(signature.classes.map(JSON.raw))))
    }
    return .object(lines)
  }
}

extension ModelGroup {
  /// The group as JSON, with the fields of its form where they are known.
  public func json(signature: Signature? = nil) -> JSON {
    func names(_ models: [ModelID]) -> JSON { .array(models.map { JSON.raw($0.name) }) }
    return model.json(
      group: [
        JSON.Member("explainers", names(explainers)), JSON.Member("drift", names(driftDetectors)),
        JSON.Member("outlier", names(outlierDetectors)),
      ], signature: signature)
  }
}
