internal import Domain
internal import OpenInference
internal import Transport

/// What Triton says of a model beside its metadata (extension `model_configuration`), and the class names that it
/// keeps in files.
extension InferenceService {
  /// What the model's configuration adds; nil where the service has none.
  ///
  /// Optional inputs, a file of labels, answers in parts, state, and whether records are asked together stand in the
  /// configuration only.
  func configuration(of model: ModelID) async -> SignatureSupplement? {
    guard kind == .triton || kind == .openInference,
      (try? await knownMetadata())?.extensions.contains("model_configuration") == true,
      let answer = try? await exchange(
        .metadata(model), "GET", InferenceService.path(model, "/config"), deadline: options.listingDeadline),
      let json = try? JSON(parsing: answer.response.body)
    else { return nil }
    var supplement = SignatureSupplement(layer: .service)
    for input in json["input"]?.array ?? [] {
      guard let name = input["name"]?.text, input["optional"]?.bool == true else { continue }
      supplement.inputs.append(TensorSupplement(name: name, parameters: [JSON.Member("optional", true)]))
    }
    for output in json["output"]?.array ?? [] {
      guard let name = output["name"]?.text, let file = output["label_filename"]?.text, !file.isEmpty else { continue }
      var parameters = [JSON.Member("label_filename", .string(file))]
      if let names = known[classNames: model]?[name] { parameters.append(JSON.Member("class_names", .texts(names))) }
      supplement.outputs.append(TensorSupplement(name: name, parameters: parameters))
    }
    if json["model_transaction_policy"]?["decoupled"]?.bool == true {
      supplement.parameters.append(JSON.Member("decoupled", true))
    }
    if let size = json["max_batch_size"] { supplement.parameters.append(JSON.Member("max_batch_size", size)) }
    if json["sequence_batching"] != nil { supplement.parameters.append(JSON.Member("stateful", true)) }
    return supplement
  }

  /// The class names that only answers tell (extension `classification`), by the output's name. Asked for once a model,
  /// with a record that it has just answered, unless an answer changes it.
  func classNames(
    of model: ModelID, _ signature: Signature, like request: InferenceRequest, call: InferenceCall
  ) async -> [RawText: [RawText]] {
    if let known = known[classNames: model] { return known }
    let outputs = signature.outputs.filter { spec in
      spec[parameter: "label_filename"] != nil && spec[parameter: "class_names"] == nil
        && spec.width(isBatched: signature.isBatched) > 1
    }
    let isStateful = signature.parameters.contains { $0.key == "stateful" }
    guard !outputs.isEmpty, !isStateful else { return [:] }
    var asked = InferenceRequest(
      inputs: request.inputs.map { !signature.isBatched || $0.shape.first == 1 ? $0 : $0.row(0) ?? $0 })
    asked.outputs = outputs.map { spec in
      let count = Int64(spec.width(isBatched: signature.isBatched))
      return RequestedOutput(spec.name, parameters: [JSON.Member("classification", .integer(count))])
    }
    var call = call
    call.requestID += "-labels"
    guard
      let (_, response) = try? await post(
        .infer(model), model, asked, call: call, deadline: options.inferenceDeadline)
    else { return [:] }
    var names: [RawText: [RawText]] = [:]
    for spec in outputs {
      guard let texts = response.outputs.first(where: { $0.name == spec.name })?.texts else { continue }
      let count = spec.width(isBatched: signature.isBatched)
      if let labels = ClassificationText.labels(in: texts, count: count) { names[spec.name] = labels }
    }
    known[classNames: model] = names
    return names
  }
}

/// `0.875985:0:setosa`: a value, a class's index and its label, which may hold colons itself (extension
/// `classification` of Triton's protocol).
enum ClassificationText {
  /// The labels in the order of their indices; nil where one is missing.
  static func labels(in texts: [RawText?], count: Int) -> [RawText]? {
    var labels = [RawText?](repeating: nil, count: count)
    for case let text? in texts {
      let parts = text.bytes.split(separator: UInt8(ascii: ":"), maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3, let index = Int(String(decoding: parts[1], as: UTF8.self)), labels.indices.contains(index)
      else { return nil }
      labels[index] = RawText(bytes: parts[2])
    }
    let found = labels.compactMap(\.self)
    return found.count == count ? found : nil
  }
}

extension Signature {
  /// The signature with the class names of outputs that have none of their own.
  func naming(_ names: [RawText: [RawText]]) -> Signature {
    guard !names.isEmpty else { return self }
    var signature = self
    for index in signature.outputs.indices where signature.outputs[index][parameter: "class_names"] == nil {
      guard let labels = names[signature.outputs[index].name] else { continue }
      signature.outputs[index].parameters.append(JSON.Member("class_names", .texts(labels)))
    }
    if signature.classes.isEmpty { signature.classes = names.values.first ?? [] }
    return signature
  }
}
