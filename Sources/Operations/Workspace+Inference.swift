internal import Deployment
public import Domain
internal import Feedback
internal import Ledger

extension Workspace {
  /// Asks a model about values of its form, keeps the case and the input, and notes the call.
  public func infer(
    _ model: ModelID, _ values: [FieldValue], sourceID: RawText, at moment: Timestamp
  ) async throws(Problem) -> Case {
    let description = try await description(of: model)
    let record =
      description.signature.isUnknown
      ? try RequestText.record(of: values.first?.text ?? "") : try description.signature.record(of: values)
    let made = try await score([record], model: model, at: [moment], sourceIDs: [sourceID])
    guard let current = made.first else { throw Problem("The service answered nothing") }
    guard current.number > 0 else { throw try await notKept(current) }
    let now = Machine.now
    let name = contextName
    try await onLedger { ledger throws(LedgerError) in
      try ledger.rememberInput(values, model: model, context: name, at: now)
    }
    return current
  }

  /// Scores records and keeps them as cases, in order; nothing is kept where the service refuses.
  public func score(
    _ records: [Record], model: ModelID, at times: [Timestamp], sourceIDs: [RawText]
  ) async throws(Problem) -> [Case] {
    let description = try await description(of: model)
    let predictions: [Prediction]
    let started = Machine.now
    let (name, ofService) = (contextName, serviceName)
    do {
      predictions = try await service.infer(
        model, records: records, signature: description.signature, call: call(), acceptsUnknownCategories: true)
    } catch {
      try? await onLedger { ledger throws(LedgerError) in
        try ledger.noteCall(model.name, context: name, at: started, milliseconds: nil)
      }
      throw error.problem
    }
    let made = records.indices.map { index in
      newCase(records[index], sourceID: sourceIDs[index], predictions[index], of: model, at: times[index])
    }
    return try await onLedger { ledger throws(LedgerError) in
      try ledger.noteCall(model.name, context: name, at: started, milliseconds: predictions.first?.latency)
      return try ledger.store(made, service: ofService, context: name)
    }
  }

  /// Why an answer has not taken the place of the case of the same identity.
  func notKept(_ current: Case) async throws(Problem) -> Problem {
    guard let judged = try await self.case(current.id), !current.record.contradicts(judged.record) else {
      return Problem(
        "The answer is not kept: a case with the id \(current.sourceID.string) was judged, or begun, with another "
          + "record.",
        advice: "Give the record an id of its own, or none.", kind: .conflict)
    }
    func words(_ prediction: Prediction) -> String {
      guard !prediction.label.isEmpty else { return "otherwise" }
      let probability = prediction.chosen?.probability.map { " " + Decimal.shortest(($0 * 1000).rounded() / 1000) }
      return prediction.label.string + (probability ?? "")
    }
    let before = judged.prediction.label.isEmpty ? "another answer" : words(judged.prediction)
    return Problem(
      "The service now answers \(words(current.prediction)): case \(judged.number) was judged, or begun, with "
        + "\(before), and stays so.",
      advice: "Take back what you said of it, then ask again, and the case is of the new answer.", kind: .conflict)
  }

  /// A case that is not in the ledger yet: the same record, asked of the same model, is the same case.
  func newCase(
    _ record: Record, sourceID: RawText, _ prediction: Prediction, of model: ModelID, at moment: Timestamp
  ) -> Case {
    let recordID = RecordIdentity.of(record, sourceID: sourceID)
    // Where versions are told apart, the one that answered: another may have been put in since the list was read.
    let model = model.version == nil ? model : ModelID(model.name, version: prediction.model.version ?? model.version)
    return Case(
      id: CaseIdentity.of(record: recordID, service: serviceName, model: model), recordID: recordID, number: 0,
      at: moment, sourceID: sourceID, model: model, record: record, prediction: prediction)
  }

  /// Asks every explainer of a case's model, and its outlier detector where that may be asked, and keeps what they say
  /// with the case. One that fails does not take the others with it: what it said is beside the case, and what it
  /// explained before stays.
  public func explain(_ id: ShortHash) async throws(Problem) -> (case: Case, problems: [Problem]) {
    guard var current = try await self.case(id) else { throw Problem("The case is not in this ledger") }
    let group = try await group(of: current.model.name)
    let signature = try await description(of: current.model).signature
    var explanations: [Explanation] = []
    var problems: [Problem] = []
    var hasNew = false
    for explainer in group.explainers {
      let earlier = current.explanations.filter { $0.explainer.name == explainer.name }
      if let idle = group.attendants.first(where: { $0.id == explainer }), idle.isDown {
        problems.append(
          Problem(
            "\(explainer.name.string) was not asked: it is \(idle.state.word.lowercased()).", detail: idle.reason.string
          ))
        explanations += earlier
        continue
      }
      do {
        explanations.append(
          try await service.explain(
            try await described(explainer), record: current.record, signature: signature, call: call()))
        hasNew = true
      } catch {
        if error.isCancellation || error.isUnreachable { throw error.problem }
        problems.append(error.problem)
        explanations += earlier
      }
    }
    if current.outlier == nil {
      do {
        current.outlier = try await outlier(of: current.record, among: group.outlierDetectors, &problems)
      } catch {
        if error.isCancellation { throw error.problem }
        problems.append(error.problem)
      }
    }
    if !hasNew, !group.explainers.isEmpty, let problem = problems.first { throw problem }
    if !explanations.isEmpty { current.explanations = explanations }
    current.prediction = current.prediction.withMargins(from: explanations)
    let explained = current
    let name = contextName
    try await onLedger { ledger throws(LedgerError) in
      // It is there: its identity stands.
      _ = try ledger.store([explained], service: name, context: name)
    }
    return (explained, problems)
  }

  private func outlier(
    of record: Record, among detectors: [ModelID], _ problems: inout [Problem]
  ) async throws(DeploymentError) -> Outlier? {
    let (detector, waiting) = try await detector(among: detectors)
    guard let detector else {
      if let first = waiting.first { problems.append(Self.waits(first)) }
      return nil
    }
    let outlier = try await service.outlier(detector, record: record, call: call())
    await learn(of: detector.id)
    return outlier
  }

  /// Metadata of an explainer or detector, in the service's own errors.
  func described(_ model: ModelID) async throws(DeploymentError) -> ModelDescription {
    if let known = knownDescription(of: model) { return known }
    return try await service.metadata(model)
  }

  /// A case of the ledger.
  public func `case`(_ id: ShortHash) async throws(Problem) -> Case? {
    try await onLedger { ledger throws(LedgerError) in try ledger.case(id) }
  }
}

extension Model {
  /// Whether it is known not to answer.
  fileprivate var isDown: Bool { state == .failed || state == .stopped }
}

extension Prediction {
  /// The prediction with the margins that exact attributions add up to.
  func withMargins(from explanations: [Explanation]) -> Prediction {
    guard case .classes(var classes, let chosen) = answer else { return self }
    for explanation in explanations {
      guard case .attributions(let attributions) = explanation.content, attributions.link == .margin,
        attributions.classes.count == classes.count
      else { continue }
      for index in classes.indices { classes[index].margin = attributions.classes[index].sum }
      var prediction = self
      prediction.answer = .classes(classes, chosen: chosen)
      return prediction
    }
    return self
  }
}

extension Workspace {
  /// Outlier scores of many records, in their order.
  func outliers(of records: [Record], detector: ModelID) async throws(Problem) -> [Outlier] {
    var scores: [Outlier] = []
    for start in stride(from: 0, to: records.count, by: 200) {
      do {
        let part = Array(records[start..<min(start + 200, records.count)])
        scores += try await service.outliers(try await described(detector), records: part, call: call())
      } catch {
        throw error.problem
      }
    }
    return scores
  }
}
