public import Domain

extension Outlier {
  /// Reads an outlier detector's answer, one value a row.
  ///
  /// Alibi Detect's answers carry no threshold: `threshold` is the one that its metadata publishes. A detector that
  /// flags features says outlier where any feature is one. Empty where the detector gathers a batch first.
  public static func rows(
    outputs: [Tensor], parameters: [JSON.Member], detector: ModelID, threshold: Double? = nil
  ) throws(AlibiError) -> [Outlier] {
    if outputs.isEmpty { return [] }
    guard let flags = outputs.first(where: { $0.name == "is_outlier" })?.numbers else {
      throw .missingOutput("is_outlier")
    }
    guard let scores = outputs.first(where: { $0.name == "instance_score" })?.numbers else {
      throw .missingOutput("instance_score")
    }
    guard !scores.isEmpty, flags.count % scores.count == 0 else {
      throw .malformed("is_outlier", needed: "one flag a row")
    }
    let width = flags.count / scores.count
    let method = parameters.first { $0.key == "name" }?.value.text ?? ""
    return scores.enumerated().map { index, score in
      Outlier(
        detector: detector, method: method, score: score, threshold: threshold,
        isOutlier: flags[index * width..<(index + 1) * width].contains { $0 > 0 })
    }
  }

  /// The outputs that Alibi Detect's runtime answers with, in its order.
  public static func outputs(_ rows: [Outlier]) -> [Tensor] {
    let content = [JSON.Member("content_type", "np")]
    return [
      Tensor(
        name: "instance_score", datatype: .fp64, shape: [1, rows.count], elements: .double(rows.map(\.score)),
        parameters: content),
      Tensor(name: "feature_score", datatype: .bytes, shape: [1, 1], elements: .bytes([nil]), parameters: content),
      Tensor(
        name: "is_outlier", datatype: .int64, shape: [1, rows.count],
        elements: .signed(rows.map { $0.isOutlier ? 1 : 0 }), parameters: content),
    ]
  }

  /// The response parameters in which a detector names itself.
  public static func responseParameters(method: RawText) -> [JSON.Member] {
    [
      JSON.Member("name", .string(method)), JSON.Member("online", false), JSON.Member("data_type", "tabular"),
      JSON.Member("version", "0.13.0"), JSON.Member("detector_type", "outlier"),
    ]
  }
}
