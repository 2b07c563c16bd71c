public import Domain

extension Deployed: JSONCodable {
  public init(json: JSON) throws(EventBodyError) {
    self.init(
      namespace: try json.raw("namespace"), versions: try json.values("versions"),
      requirements: try json.raws("requirements"), storage: try json.raw("storage"), usedBy: try json.raws("used_by"),
      scale: try json.value("scale"))
  }

  public var json: JSON {
    var object = ObjectBuilder()
    object.putUnlessEmpty("namespace", namespace)
    object.put("versions", versions)
    object.put("requirements", JSON.array(requirements.map(JSON.raw)))
    object.putUnlessEmpty("storage", storage)
    object.put("used_by", JSON.array(usedBy.map(JSON.raw)))
    object.put("scale", scale)
    return object.json
  }
}

extension DeployedVersion: JSONCodable {
  public init(json: JSON) throws(EventBodyError) {
    self.init(
      name: try json.raw("version"), state: try json.choice("state") ?? .unknown, word: try json.raw("word"),
      reason: try json.raw("reason"), replicas: try json.value("replicas"), server: try json.raw("server"),
      since: try json.optionalTime("since"))
  }

  public var json: JSON {
    var object = ObjectBuilder()
    object.putUnlessEmpty("version", name)
    object.put("state", RawText(state.rawValue))
    object.putUnlessEmpty("word", word)
    object.putUnlessEmpty("reason", reason)
    object.put("replicas", replicas)
    object.putUnlessEmpty("server", server)
    object.put("since", since)
    return object.json
  }
}

extension ReplicaCount: JSONCodable {
  public init(json: JSON) throws(EventBodyError) {
    self.init(desired: try json.optionalInt("desired"), available: try json.optionalInt("available") ?? 0)
  }

  public var json: JSON {
    var object = ObjectBuilder()
    object.put("desired", desired)
    object.put("available", available)
    return object.json
  }
}

extension ScaleRow: JSONCodable {
  public init(json: JSON) throws(EventBodyError) {
    self.init(
      name: try json.raw("name"), namespace: try json.raw("namespace"), targetKind: try json.raw("kind"),
      target: try json.raw("target"),
      minimum: try json.optionalInt("minimum") ?? 0, maximum: try json.optionalInt("maximum") ?? 100,
      current: try json.optionalInt("current"), isActive: try json.optionalBool("is_active") ?? false,
      isPaused: try json.optionalBool("is_paused") ?? false)
  }

  /// Without its conditions.
  public var json: JSON {
    var object = ObjectBuilder()
    object.put("name", JSON.raw(name))
    object.putUnlessEmpty("namespace", namespace)
    object.put("kind", JSON.raw(targetKind))
    object.put("target", JSON.raw(target))
    object.put("minimum", minimum)
    object.put("maximum", maximum)
    object.put("current", current)
    object.put("is_active", isActive)
    object.put("is_paused", isPaused)
    return object.json
  }
}

extension Pipeline: JSONCodable {
  public init(json: JSON) throws(EventBodyError) {
    self.init(
      name: try json.raw("name"), namespace: try json.raw("namespace"), steps: try json.values("steps"),
      externalInputs: try json.raws("external_inputs"), output: try json.raws("output"),
      outputJoin: try json.choice("output_join") ?? .inner)
  }

  /// Without its versions, which stand beside it.
  public var json: JSON {
    var object = ObjectBuilder()
    object.put("name", JSON.raw(name))
    object.putUnlessEmpty("namespace", namespace)
    object.put("steps", steps)
    object.put("external_inputs", JSON.array(externalInputs.map(JSON.raw)))
    object.put("output", JSON.array(output.map(JSON.raw)))
    object.put("output_join", RawText(outputJoin.rawValue))
    return object.json
  }
}

extension Pipeline.Step: JSONCodable {
  public init(json: JSON) throws(EventBodyError) {
    self.init(
      name: try json.raw("name"), inputs: try json.raws("inputs"), inputsJoin: try json.choice("inputs_join") ?? .inner,
      triggers: try json.raws("triggers"), triggersJoin: try json.choice("triggers_join") ?? .inner,
      batch: try json.optionalInt("batch"))
  }

  public var json: JSON {
    var object = ObjectBuilder()
    object.put("name", JSON.raw(name))
    object.put("inputs", JSON.array(inputs.map(JSON.raw)))
    object.put("inputs_join", RawText(inputsJoin.rawValue))
    object.put("triggers", JSON.array(triggers.map(JSON.raw)))
    object.put("triggers_join", RawText(triggersJoin.rawValue))
    object.put("batch", batch)
    return object.json
  }
}

extension Experiment: JSONCodable {
  public init(json: JSON) throws(EventBodyError) {
    self.init(
      name: try json.raw("name"), namespace: try json.raw("namespace"), state: try json.choice("state") ?? .unknown,
      reason: try json.raw("reason"), resource: try json.choice("resource") ?? .model,
      standard: try json.optionalRaw("default"), candidates: try json.values("candidates"),
      isActive: try json.optionalBool("is_active") ?? false,
      areCandidatesReady: try json.optionalBool("candidates_ready"),
      isMirrorReady: try json.optionalBool("mirror_ready"))
    if let name = try json.optionalRaw("mirror") {
      mirror = Mirror(name: name, percent: try json.optionalInt("mirror_percent") ?? 0)
    }
  }

  public var json: JSON {
    var object = ObjectBuilder()
    object.put("name", JSON.raw(name))
    object.putUnlessEmpty("namespace", namespace)
    object.put("state", RawText(state.rawValue))
    object.putUnlessEmpty("reason", reason)
    object.put("resource", RawText(resource.rawValue))
    object.put("default", standard)
    object.put("candidates", candidates)
    object.put("mirror", mirror?.name)
    object.put("mirror_percent", mirror?.percent)
    object.put("is_active", isActive)
    object.put("candidates_ready", areCandidatesReady)
    object.put("mirror_ready", isMirrorReady)
    return object.json
  }
}

extension Experiment.Candidate: JSONCodable {
  public init(json: JSON) throws(EventBodyError) {
    self.init(name: try json.raw("name"), weight: try json.optionalInt("weight") ?? 0)
  }

  public var json: JSON {
    var object = ObjectBuilder()
    object.put("name", JSON.raw(name))
    object.put("weight", weight)
    return object.json
  }
}
