public import Domain

/// What a model of the Alibi runtimes answers with.
public enum AlibiKind: String, Hashable, Sendable, CaseIterable {
  case explanation, drift, outlier, adversarial

  /// The header of an answer that names the kind.
  public static let typeField = "x-seldon-alibi-type"
  /// The header of an answer that names the Python module of the method, for example `anchor_tabular`.
  public static let methodField = "x-seldon-alibi-method"

  /// From the answer's type header; where that is missing, from the names of its outputs.
  public init?(header: String?, outputs: [RawText]) {
    if let header, let kind = AlibiKind(rawValue: header) {
      self = kind
      return
    }
    if outputs.contains("explanation") {
      self = .explanation
    } else if outputs.contains("is_drift") {
      self = .drift
    } else if outputs.contains("is_outlier") {
      self = .outlier
    } else if outputs.contains("is_adversarial") {
      self = .adversarial
    } else {
      return nil
    }
  }
}
