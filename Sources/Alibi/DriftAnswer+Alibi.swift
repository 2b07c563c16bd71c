public import Domain

extension DriftAnswer {
  /// Reads a drift detector's answer; nil where it had no outputs, because the detector gathers a batch first.
  ///
  /// `parameters` are the response's, where Alibi Detect names itself. A detector that decides feature by feature
  /// says drift where any feature does; an online one, which answers each row, where any row does.
  public init?(outputs: [Tensor], parameters: [JSON.Member]) throws(AlibiError) {
    if outputs.isEmpty { return nil }
    let numbers: (RawText) -> [Double]? = { name in outputs.first { $0.name == name }?.numbers }
    guard let flagged = outputs.first(where: { $0.name == "is_drift" }), let flags = flagged.numbers else {
      throw .missingOutput("is_drift")
    }
    // BYTES null stands where a detector has no value.
    let distances = numbers("distance") ?? []
    let pValues = numbers("p_val") ?? []
    let isOnline = parameters.first { $0.key == "online" }?.value.bool ?? false
    let decidesByFeature = !isOnline && flags.count > 1 && flags.count == pValues.count
    self.init(
      method: parameters.first { $0.key == "name" }?.value.text ?? "", isDrift: flags.contains { $0 > 0 },
      distances: distances, pValues: pValues, threshold: (numbers("threshold") ?? []).last ?? .nan,
      featureFlags: decidesByFeature ? flags.map { $0 > 0 } : [])
  }

  /// The outputs that Alibi Detect's runtime answers with, in its order.
  public var outputs: [Tensor] {
    let flags = featureFlags.isEmpty ? [isDrift] : featureFlags
    let content = [JSON.Member("content_type", "np")]
    func row(_ name: RawText, _ datatype: Datatype, _ elements: Tensor.Elements) -> Tensor {
      Tensor(name: name, datatype: datatype, shape: [1, elements.count], elements: elements, parameters: content)
    }
    return [
      row("is_drift", .int64, .signed(flags.map { $0 ? 1 : 0 })),
      row("distance", .fp32, .single(distances.map(Float.init))),
      row("p_val", .fp32, .single(pValues.map(Float.init))),
      row("threshold", .fp64, .double([threshold])),
    ]
  }

  /// The response parameters in which the detector names itself.
  public var responseParameters: [JSON.Member] {
    [
      JSON.Member("name", .string(method)), JSON.Member("online", false), JSON.Member("version", "0.13.0"),
      JSON.Member("detector_type", "drift"), JSON.Member("version_warning", false),
    ]
  }
}
