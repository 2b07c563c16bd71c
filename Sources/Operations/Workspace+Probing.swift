internal import Alibi
internal import Deployment
public import Domain
internal import Feedback
internal import Ledger
public import Workbench

extension Workspace {
  /// Asks the model about a case's record with one value changed, and keeps the question with its answer in the ledger.
  public func probe(_ order: ProbeOrder) async throws(Problem) -> Probe {
    guard let current = try await self.case(order.caseID) else { throw Problem("The case is not in this ledger") }
    let signature = try await description(of: current.model).signature
    var values = signature.values(in: current.record)
    guard values.indices.contains(order.field) else { throw Problem("The record has no such field") }
    guard signature.fields[order.field].name == order.name else {
      throw Problem(
        "The model describes its fields otherwise by now: \(order.name.string) was not changed",
        advice: "Open the case again and ask once more.")
    }
    let present = values[order.field]
    values[order.field] = order.value
    let answers = try await ask(current.model, [try signature.record(of: values)], signature)
    guard let answer = answers.first else { throw Problem("The service answered nothing") }
    let probe = Probe(
      field: signature.fields[order.field], from: present, to: order.value, original: current.prediction,
      changed: answer)
    let event = EventBody(
      stamp: stamp(), caseID: current.id,
      payload: .probe(probe.json(model: current.model, keepsValues: context.retention == .full)))
    try await onStream { ledger, stream throws(LedgerError) in _ = try ledger.append([event], to: stream) }
    return probe
  }

  /// Looks for changes of one feature that flip the label: a few requests, each with the rows of one round.
  public func flips(of id: ShortHash) async throws(Problem) -> Flips {
    guard let current = try await self.case(id) else { throw Problem("The case is not in this ledger") }
    let signature = try await description(of: current.model).signature
    var reference: Reference?
    if let detector = try? await group(of: current.model.name).driftDetectors.first,
      let published = try? await description(of: detector).reference()
    {
      reference = published.reference
    }
    var search = FlipSearch(
      signature: signature, values: signature.values(in: current.record), original: current.prediction,
      reference: reference)
    while !search.candidates.isEmpty {
      if Task.isCancelled { throw Problem("The search was stopped") }
      var records: [Record] = []
      for candidate in search.candidates { records.append(try signature.record(of: search.record(of: candidate))) }
      search.take(try await ask(current.model, records, signature))
    }
    return search.flips
  }

  /// Answers to rows that are no cases: nothing of them is kept.
  private func ask(_ model: ModelID, _ records: [Record], _ signature: Signature) async throws(Problem) -> [Prediction]
  {
    do {
      return try await service.infer(
        model, records: records, signature: signature, call: call(), acceptsUnknownCategories: true)
    } catch {
      throw error.problem
    }
  }
}

extension Probe {
  /// The probe as its event holds it; without its values where inputs are not to be kept.
  func json(model: ModelID, keepsValues: Bool) -> JSON {
    var members: [JSON.Member] = [
      .init("field", .string(field)), .init("from", .string(keepsValues ? from : "")),
      .init("to", .string(keepsValues ? to : "")),
      .init("label", .string(oldLabel)), .init("label_then", .string(newLabel)), .init("model", .string(model.name)),
    ]
    if let version = model.version { members.append(.init("version", .string(version))) }
    if let before { members.append(.init("p", .number(before))) }
    if let after { members.append(.init("p_then", .number(after))) }
    return .object(members)
  }

  /// Reads what a `probe` event holds; nil for any other.
  init?(_ event: Event) {
    guard let body = try? event.decoded(), case .probe(let json) = body.payload else { return nil }
    self.init(json: json)
  }

  private init?(json: JSON) {
    guard let field = json["field"]?.text, let from = json["from"]?.text, let to = json["to"]?.text,
      let label = json["label"]?.text, let then = json["label_then"]?.text
    else { return nil }
    self.init(
      field: field, from: from, to: to, before: json["p"]?.number, after: json["p_then"]?.number, oldLabel: label,
      newLabel: then)
  }
}
